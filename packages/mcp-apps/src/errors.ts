/**
 * Why there was no usable answer.
 *
 * `auth_required`: the login is none that uses the Codex backend; nothing was sent. `auth`: the login could not sign;
 * nothing was sent. `account_changed`: the session belongs to another account. `config`: the configuration cannot be
 * used. `origin`: the credential may not go where the URL or a redirect leads. `unauthorized`: 401, also after
 * recovery. `insufficient_scope`: 403, the login may do less. `session_expired`: the server has forgotten the session.
 * `html`: a web page came. `http`: another status. `rpc`: the server's own error, see {@link McpAppsError.rpcCode}.
 * `invalid_answer`: not what the protocol promises. `stream_cut`: the answer ended before its result. `network`: the
 * connection failed. `timeout`: a time limit elapsed. `aborted`: the caller's signal fired. `closed`: the connection
 * was closed by its owner. `file`: a file argument was not uploaded. `unknown_tool`: no such tool in the list of this
 * account. `tool_disabled`: a filter excludes it. `sdk_missing`: `@modelcontextprotocol/sdk` is not installed.
 */
export type McpAppsErrorKind =
  | "aborted"
  | "account_changed"
  | "auth"
  | "auth_required"
  | "closed"
  | "config"
  | "file"
  | "html"
  | "http"
  | "insufficient_scope"
  | "invalid_answer"
  | "network"
  | "origin"
  | "rpc"
  | "sdk_missing"
  | "session_expired"
  | "stream_cut"
  | "timeout"
  | "tool_disabled"
  | "unauthorized"
  | "unknown_tool";

/** Facts about a failure. None of them is a credential. */
export interface McpAppsErrorOptions extends ErrorOptions {
  readonly kind: McpAppsErrorKind;
  /** HTTP status, when the server answered with one that says no. */
  readonly status?: number | undefined;
  /** Code of the server's JSON-RPC error. */
  readonly rpcCode?: number | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Id under which the server knows the exchange. */
  readonly requestId?: string | undefined;
  /** Text of the answer, cut when it is long. */
  readonly body?: string | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/mcp-apps.McpAppsError");

/** Thrown by everything of this package that fails at run time. */
export class McpAppsError extends Error {
  override readonly name = "McpAppsError";
  readonly kind: McpAppsErrorKind;
  /** HTTP status, when the server answered with one that says no. */
  readonly status: number | undefined;
  /** Code of the server's JSON-RPC error. Set for kind `rpc`. */
  readonly rpcCode: number | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Id under which the server knows the exchange. Worth quoting to its support. */
  readonly requestId: string | undefined;
  /** Text of the answer, cut when it is long. Not enumerable, so that a logger does not dump it. */
  declare readonly body: string | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, body, ...facts }: McpAppsErrorOptions) {
    super(message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.kind = kind;
    this.status = facts.status;
    this.rpcCode = facts.rpcCode;
    this.retryAfterMs = facts.retryAfterMs;
    this.requestId = facts.requestId;
    Object.defineProperties(this, { body: { value: body }, [brand]: { value: true } });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isMcpAppsError(error: unknown): error is McpAppsError {
  return typeof error === "object" && error !== null && brand in error;
}

/** Says what failed, in front of why. */
export function inContext(failed: string, error: unknown): unknown {
  if (!isMcpAppsError(error) || unrelated.has(error.kind)) return error;
  const { message, kind, status, rpcCode, retryAfterMs, requestId, body } = error;
  const facts = { kind, status, rpcCode, retryAfterMs, requestId, body };
  return new McpAppsError(`${failed}: ${message}`, { ...facts, cause: error.cause });
}

/** What ends whatever is under way. */
const unrelated: ReadonlySet<McpAppsErrorKind> = new Set([
  "aborted",
  "account_changed",
  "auth_required",
  "closed",
]);
