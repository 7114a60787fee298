import { machine, release, type } from "node:os";
import { clientVersion } from "./client-version.js";
import type { Environment } from "./environment.js";

/** How a client introduces itself. */
export interface ClientIdentity {
  /**
   * Name of the application, sent as `originator` and in front of the user agent. The environment variable
   * `CODEX_INTERNAL_ORIGINATOR_OVERRIDE` wins over it.
   *
   * @defaultValue "codex_ts"
   */
  readonly originator?: string | undefined;
  /**
   * Version of the application.
   *
   * @defaultValue the version of this package
   */
  readonly version?: string | undefined;
  /**
   * Where the application runs, one word.
   *
   * @defaultValue `node/` and the version of Node
   */
  readonly terminal?: string | undefined;
  /** Put in parentheses behind the user agent. Blank is none. */
  readonly userAgentSuffix?: string | undefined;
  /** Where data has to stay, when the workspace demands it. */
  readonly residency?: "us" | undefined;
}

/**
 * Builds the headers that all requests of a client carry: `originator`, `user-agent`, and
 * `x-openai-internal-codex-residency` if a residency is demanded.
 *
 * @param env - Read for `CODEX_INTERNAL_ORIGINATOR_OVERRIDE`.
 * @throws TypeError when the originator cannot be the value of a header.
 */
export function defaultHeaders(
  identity: ClientIdentity = {},
  env: Environment = {},
): Readonly<Record<string, string>> {
  const { residency } = identity;
  return {
    originator: originatorOf(identity, env),
    "user-agent": buildUserAgent(identity, env),
    ...(residency === undefined ? {} : { "x-openai-internal-codex-residency": residency }),
  };
}

/**
 * Builds a user agent: `<originator>/<version> (<system> <release>; <architecture>) <terminal> (<suffix>)`. Characters
 * that a header cannot hold become `_`.
 *
 * @throws TypeError when the originator cannot be the value of a header.
 */
export function buildUserAgent(identity: ClientIdentity = {}, env: Environment = {}): string {
  const {
    version = clientVersion(),
    terminal = `node/${process.versions.node}`,
    userAgentSuffix = "",
  } = identity;
  const suffix = userAgentSuffix.trim() === "" ? "" : ` (${userAgentSuffix})`;
  const system = `${systemNames.get(type()) ?? type()} ${release()}; ${machine() || "unknown"}`;
  const userAgent = `${originatorOf(identity, env)}/${version} (${system}) ${terminal}${suffix}`;
  return userAgent.replace(/[^ -~]/gu, "_");
}

/** Tells whether an originator is one of OpenAI's own coding clients. */
export function isFirstPartyOriginator(originator: string): boolean {
  return firstParty.has(originator) || originator.startsWith("Codex ");
}

/** Tells whether an originator is one of OpenAI's own chat clients. */
export function isFirstPartyChatOriginator(originator: string): boolean {
  return originator === "codex_atlas" || originator === "codex_chatgpt_desktop";
}

// It claims to be no other program.
const defaultOriginator = "codex_ts";

const firstParty: ReadonlySet<string> = new Set(["codex-tui", "codex_cli_rs", "codex_vscode"]);

const systemNames: ReadonlyMap<string, string> = new Map([
  ["Darwin", "Mac OS"],
  ["Windows_NT", "Windows"],
]);

function originatorOf({ originator = defaultOriginator }: ClientIdentity, env: Environment): string {
  if (!isHeaderValue(originator))
    throw new TypeError('"originator" must consist of printable ASCII characters');
  const override = env["CODEX_INTERNAL_ORIGINATOR_OVERRIDE"];
  if (override === undefined) return originator;
  return isHeaderValue(override) ? override : defaultOriginator;
}

function isHeaderValue(text: string): boolean {
  return /^[\t -~]*$/.test(text);
}
