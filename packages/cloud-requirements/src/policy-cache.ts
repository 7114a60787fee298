import { readFile } from "node:fs/promises";
import { replaceFile } from "@codex-ts/atomic-file";
import type { ConfigBundle, PolicyCacheFacts } from "@codex-ts/protocol";
import type { CacheReading, CacheStatus } from "./cache-reading.js";
import { signPayload, verifyPayload } from "./cache-signature.js";
import type { CachedPolicies, PolicyEndpoint } from "./policy-endpoint.js";
import { formatTimestamp, parseTimestamp, toNanos } from "./rfc3339.js";

/** Whose policies a cache holds. What is not known of a login is stored, but never read back. */
export interface CacheIdentity {
  readonly userId?: string | undefined;
  readonly accountId?: string | undefined;
}

/** What a {@link PolicyCache} works with. */
export interface PolicyCacheParts {
  readonly path: string;
  readonly endpoint: PolicyEndpoint;
  /** Where the policies come from; nothing for the usual backend, which the files of the reference do not name. */
  readonly baseUrl: string | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** The bundle of a cache that may be used, or why there is none. */
export type CacheLookup =
  | { readonly reading: CacheReading & { readonly status: "Hit" }; readonly bundle: ConfigBundle }
  | { readonly reading: CacheReading; readonly bundle?: undefined };

/** Keeps policies in a signed file, for one account of one backend and for a limited time. */
export class PolicyCache {
  readonly #parts: PolicyCacheParts;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: PolicyCacheParts) {
    this.#parts = parts;
  }

  get path(): string {
    return this.#parts.path;
  }

  /** Reads the file. Whatever is wrong with it is no error, but a reason not to use it. */
  async load(identity: CacheIdentity): Promise<CacheLookup> {
    const { userId, accountId } = identity;
    if (userId === undefined || accountId === undefined) return this.#miss("AuthIdentityIncomplete");
    let bytes: Uint8Array;
    try {
      bytes = await readFile(this.path);
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      return this.#miss(isMissing ? "CacheFileNotFound" : "CacheReadFailed", reasonOf(error));
    }
    let cached: CachedTimes;
    try {
      cached = await this.#decode(bytes);
    } catch (error) {
      return this.#miss("CacheParseFailed", misfitOf(error));
    }
    const objection = this.#objection(cached, { userId, accountId });
    if (objection !== undefined) return this.#miss(objection, "", cached.version);
    return { reading: { status: "Hit", ...this.#describe("Hit") }, bundle: cached.bundle };
  }

  /** Replaces the file, whole or not at all. @throws The system's error. */
  async save({ userId, accountId }: CacheIdentity, bundle: ConfigBundle): Promise<void> {
    const { endpoint, baseUrl = null, clock } = this.#parts;
    const cachedAt = toNanos(clock());
    const facts = {
      version: endpoint.cache.supportedVersion,
      cached_at: formatTimestamp(cachedAt),
      expires_at: formatTimestamp(cachedAt + toNanos(endpoint.cache.ttlMs)),
      chatgpt_user_id: userId ?? null,
      account_id: accountId ?? null,
      base_url: baseUrl,
    };
    const payload = endpoint.cache.payload(facts, bundle);
    const signature = signPayload(payload, endpoint.cache.hmacKey);
    const written = replaceFile(this.path, JSON.stringify({ signed_payload: payload, signature }, null, 2));
    this.#writing = written.catch(() => {});
    await written;
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** The reading of a file that is all right but for its bundle. */
  invalidBundle(): CacheReading {
    return { status: "CacheInvalidBundle", ...this.#describe("CacheInvalidBundle") };
  }

  async #decode(bytes: Uint8Array): Promise<CachedTimes> {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const cached = await this.#parts.endpoint.cache.read(json);
    const [cachedAt, expiresAt] = [cached.cached_at, cached.expires_at].map(parseTimestamp);
    if (cachedAt === undefined) throw new Error("signed_payload.cached_at: no timestamp");
    if (expiresAt === undefined) throw new Error("signed_payload.expires_at: no timestamp");
    return { ...cached, cachedAt, expiresAt };
  }

  /** The order is that of the reference: a forged file never gets as far as to say whose it is. */
  #objection(cached: CachedTimes, { userId, accountId }: Required<CacheIdentity>): CacheStatus | undefined {
    const { endpoint, baseUrl = null, clock } = this.#parts;
    const { ttlMs, hmacKey, supportedVersion } = endpoint.cache;
    if (!verifyPayload(this.#canonical(cached), cached.signature, hmacKey)) return "CacheSignatureInvalid";
    if (cached.version !== supportedVersion) return "CacheVersionUnsupported";
    if (cached.chatgpt_user_id === null || cached.account_id === null) return "CacheIdentityIncomplete";
    if (cached.chatgpt_user_id !== userId || cached.account_id !== accountId) return "CacheIdentityMismatch";
    if (cached.base_url !== baseUrl) return "CacheIdentityMismatch";
    const now = toNanos(clock());
    if (cached.expiresAt <= now) return "CacheExpired";
    if (cached.cachedAt > now || cached.expiresAt - cached.cachedAt > toNanos(ttlMs))
      return "CacheTimestampInvalid";
    return undefined;
  }

  /** The payload as it was signed, however the file spells it. */
  #canonical({ cachedAt, expiresAt, version, bundle, ...cached }: CachedTimes): object {
    const facts: PolicyCacheFacts = {
      ...cached,
      cached_at: formatTimestamp(cachedAt),
      expires_at: formatTimestamp(expiresAt),
    };
    return this.#parts.endpoint.cache.payload({ ...facts, version }, bundle);
  }

  #miss(status: CacheStatus, reason = "", version?: number): { readonly reading: CacheReading } {
    const told = status === "CacheVersionUnsupported" ? { version } : undefined;
    return { reading: { status, ...this.#describe(status, reason, version), ...told } };
  }

  #describe(status: CacheStatus, reason = "", version = 0): Pick<CacheReading, "level" | "message" | "path"> {
    const [level, text] = descriptions[status];
    const message = text
      .replace("<subject>", this.#parts.endpoint.subject)
      .replace("<reason>", () => reason)
      .replace("<version>", String(version));
    return { level, message: message.charAt(0).toUpperCase() + message.slice(1), path: this.path };
  }
}

type CachedTimes = CachedPolicies & { readonly cachedAt: bigint; readonly expiresAt: bigint };

const descriptions: Readonly<Record<CacheStatus, readonly [level: CacheReading["level"], text: string]>> = {
  AuthIdentityIncomplete: ["info", "skipping <subject> cache read because auth identity is incomplete."],
  CacheFileNotFound: ["none", "<subject> cache file not found."],
  CacheReadFailed: ["warn", "failed to read <subject> cache: <reason>."],
  CacheParseFailed: ["warn", "failed to parse <subject> cache: <reason>."],
  CacheSignatureInvalid: ["warn", "<subject> cache failed signature verification."],
  CacheVersionUnsupported: ["info", "ignoring <subject> cache with unsupported version <version>."],
  CacheIdentityIncomplete: ["info", "ignoring <subject> cache because cached identity is incomplete."],
  CacheIdentityMismatch: ["info", "ignoring <subject> cache for different auth identity."],
  CacheExpired: ["info", "<subject> cache expired."],
  CacheTimestampInvalid: ["warn", "ignoring <subject> cache because its timestamps cannot be right."],
  CacheInvalidBundle: ["info", "ignoring <subject> cache because the cached bundle is invalid."],
  Hit: ["none", "using cached <subject>."],
};

/** Says what is wrong with a file, without quoting it as `JSON.parse` does. */
function misfitOf(error: unknown): string {
  if (error instanceof SyntaxError) return "no JSON";
  if (!(error instanceof Error && "issues" in error)) return reasonOf(error);
  const [issue] = error.issues as readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
  }[];
  return `${issue?.path.map(String).join(".")}: ${issue?.message}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.+$/, "") : String(error);
}
