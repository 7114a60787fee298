/**
 * What failed.
 *
 * - `agent_registration`: the agent could not be registered.
 * - `invalid_jwt`: the token is malformed.
 * - `invalid_key`: the stored private key is not base64 or not an Ed25519 key in PKCS#8.
 * - `invalid_record`: a stored record lacks a member or has one of the wrong type.
 * - `jwks`: the key set that verifies tokens could not be had.
 * - `key_generation`: the random source gave no seed.
 * - `runtime_mismatch`: a task of one agent was to be signed with the identity of another.
 * - `sealed_task_id`: the server's encrypted task id cannot be opened with this key.
 * - `signing`: the assertion could not be made.
 * - `task_registration`: the task could not be registered.
 * - `unsupported_environment`: the ChatGPT base URL is not one that Agent Identity works with.
 * - `untrusted_jwt`: the token is well-formed, but it does not verify.
 */
export type AgentIdentityErrorKind =
  | "agent_registration"
  | "invalid_jwt"
  | "invalid_key"
  | "invalid_record"
  | "jwks"
  | "key_generation"
  | "runtime_mismatch"
  | "sealed_task_id"
  | "signing"
  | "task_registration"
  | "unsupported_environment"
  | "untrusted_jwt";

/** The two calls that are tried again, as the reference names them. */
export type RegistrationOperation = "agent identity registration" | "agent task registration";

/** Facts about a failure. None of them is a secret. */
export interface AgentIdentityErrorOptions extends ErrorOptions {
  readonly kind: AgentIdentityErrorKind;
  /** @defaultValue false */
  readonly retryable?: boolean | undefined;
  /** HTTP status, when the server answered. */
  readonly status?: number | undefined;
  readonly operation?: RegistrationOperation | undefined;
  readonly attempts?: number | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/agent-identity.AgentIdentityError");

/** Thrown when an Agent Identity cannot be made, read, verified or registered. Never holds a key or token. */
export class AgentIdentityError extends Error {
  override readonly name = "AgentIdentityError";
  readonly kind: AgentIdentityErrorKind;
  /** True when the same call may succeed later: the server was busy, or could not be reached. */
  readonly retryable: boolean;
  /** HTTP status, when the server answered. */
  readonly status: number | undefined;
  /** Which registration was given up after all its attempts. Absent for everything else. */
  readonly operation: RegistrationOperation | undefined;
  /** How many requests a registration took that was given up. */
  readonly attempts: number | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, retryable = false, ...facts }: AgentIdentityErrorOptions) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = kind;
    this.retryable = retryable;
    this.status = facts.status;
    this.operation = facts.operation;
    this.attempts = facts.attempts;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isAgentIdentityError(error: unknown): error is AgentIdentityError {
  return typeof error === "object" && error !== null && brand in error;
}
