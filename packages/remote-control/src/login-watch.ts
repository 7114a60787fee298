import { createHash } from "node:crypto";
import { type AuthProvider, type AuthSnapshot, toAuthHeaders } from "@codex-ts/auth-provider";
import { Pulse, pause } from "./pulse.js";
import type { RemoteControlAuth } from "./remote-control-auth.js";

/** Notices when the login changes. */
export class LoginWatch {
  readonly source: RemoteControlAuth;
  readonly #pulse = new Pulse();
  readonly #checkMs: number;
  #countedRevision = 0;
  #fingerprint: string | undefined;
  #seen = 0;

  constructor(source: RemoteControlAuth, checkMs: number) {
    this.source = source;
    this.#checkMs = checkMs;
    this.#seen = this.revision;
  }

  /** Grows with each change: the source's own count, or what was noticed. */
  get revision(): number {
    return this.source.revision ?? this.#countedRevision;
  }

  /** Whether the login has changed since somebody has looked. */
  get isChanged(): boolean {
    return this.revision !== this.#seen;
  }

  /** Called when the login may have changed. */
  get pulse(): Pulse {
    return this.#pulse;
  }

  markSeen(): void {
    this.#seen = this.revision;
  }

  /**
   * Lets a step of recovery change the login. If that is the only change meanwhile, it is none to be told of: whoever
   * has asked for the step knows.
   */
  async duringRecovery<Value>(step: () => Promise<Value>): Promise<Value> {
    await this.check();
    const before = this.revision;
    const wasChanged = this.isChanged;
    try {
      return await step();
    } finally {
      await this.check();
      if (!wasChanged && this.revision === before + 1) this.markSeen();
    }
  }

  /** Looks whether the login has changed. Never rejects. */
  async check(): Promise<void> {
    if (this.source.revision === undefined) {
      const fingerprint = await fingerprintOf(this.source);
      if (this.#fingerprint !== undefined && fingerprint !== this.#fingerprint) this.#countedRevision += 1;
      this.#fingerprint = fingerprint;
    }
    if (this.isChanged) this.#pulse.notify();
  }

  /** Looks again and again, until the signal fires. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#poll(signal), this.#follow(signal)]);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.check();
      await pause(this.#checkMs, signal);
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    if (this.source.changes === undefined) return;
    const ended = new Pulse().wait(signal);
    try {
      const changes = this.source.changes(signal)[Symbol.asyncIterator]();
      while (!signal.aborted) {
        const next = await Promise.race([changes.next(), ended]);
        if (next === undefined || next.done) break;
        await this.check();
      }
      void changes.return?.(undefined)?.catch(() => {});
    } catch {
      // The login is still looked at from time to time.
    }
  }
}

/**
 * Tells one login from another. Tokens that are renewed make another one too; a signature that is made anew for each
 * request does not.
 */
async function fingerprintOf(source: RemoteControlAuth): Promise<string> {
  try {
    const login = await source.current();
    return login === undefined ? "none" : JSON.stringify(factsOf(login));
  } catch {
    return "unreadable";
  }
}

function factsOf({ mode, account, agentIdentity, provider, usesCodexBackend }: AuthSnapshot): unknown[] {
  return [
    mode,
    account.accountId,
    account.userId,
    usesCodexBackend,
    agentIdentity?.agentId ?? bearerHash(provider),
    agentIdentity?.taskId,
  ];
}

function bearerHash(provider: AuthProvider): string | undefined {
  const authorization = authorizationOf(provider);
  if (!authorization?.startsWith("Bearer ")) return undefined;
  return createHash("sha256").update(authorization).digest("base64");
}

function authorizationOf(provider: AuthProvider): string | undefined {
  try {
    return toAuthHeaders(provider).get("authorization") ?? undefined;
  } catch {
    return undefined;
  }
}
