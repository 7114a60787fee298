import type { PolicyEndpoint, PolicyEndpointPath } from "./policy-endpoint.js";

/**
 * Why there are no policies to go by. The first six are the reference client's own codes.
 *
 * - `Auth`: the login cannot be used, and could not be renewed.
 * - `InvalidBundle`: what the workspace manages is no valid TOML or contradicts itself.
 * - `Internal`: the load itself went wrong.
 * - `Parse`: as `InvalidBundle`, at the endpoint `config/requirements`.
 * - `RequestFailed`: the backend gave no usable answer, however often it was asked.
 * - `Timeout`: the load took longer than it may.
 * - `Aborted`: the caller's signal fired; its reason is the `cause`. The load goes on for others.
 * - `Closed`: the load was ended by `close()`.
 */
export type CloudRequirementsErrorCode =
  | "Auth"
  | "InvalidBundle"
  | "Internal"
  | "Parse"
  | "RequestFailed"
  | "Timeout"
  | "Aborted"
  | "Closed";

/** Facts about a failure. None of them is a secret. */
export interface CloudRequirementsErrorOptions extends ErrorOptions {
  readonly code: CloudRequirementsErrorCode;
  /** HTTP status, when the backend answered. */
  readonly status?: number | undefined;
  /** @defaultValue "config/bundle" */
  readonly endpoint?: PolicyEndpointPath | undefined;
}

const hints: Readonly<Record<CloudRequirementsErrorCode, string>> = {
  Auth: "Sign out and sign in again.",
  InvalidBundle: "Ask the administrator of the workspace to correct its managed configuration.",
  Internal: "Try again; if it stays, report it with the cause of this error.",
  Parse: "Ask the administrator of the workspace to correct its managed requirements.",
  RequestFailed: "Check the network, the proxy and the base URL, then try again.",
  Timeout: "Check the network, the proxy and the base URL, or allow more time (timeoutMs), then try again.",
  Aborted: "Call load() again to go on waiting.",
  Closed: "Start another CloudRequirements.",
};

const brand: unique symbol = Symbol.for("@codex-ts/cloud-requirements.CloudRequirementsError");

/**
 * Thrown when the policies of a workspace could not be had. Whoever is under such policies must not go on without
 * them; {@link CloudRequirementsError.hint} says what to do.
 */
export class CloudRequirementsError extends Error {
  override readonly name = "CloudRequirementsError";
  readonly code: CloudRequirementsErrorCode;
  /** HTTP status of the last answer, when there was one and it is of interest. */
  readonly status: number | undefined;
  /** Where the policies were asked for. */
  readonly endpoint: PolicyEndpointPath;
  /** What to do about it, as a sentence. */
  readonly hint: string;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { code, status, endpoint, cause }: CloudRequirementsErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.endpoint = endpoint ?? "config/bundle";
    this.hint = hints[code];
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isCloudRequirementsError(error: unknown): error is CloudRequirementsError {
  return typeof error === "object" && error !== null && brand in error;
}

/** The error for a backend, or a login, that could not be had however often it was tried. */
export function requestFailed(
  { path, subject }: PolicyEndpoint,
  facts: Pick<CloudRequirementsErrorOptions, "cause" | "status">,
): CloudRequirementsError {
  return new CloudRequirementsError(`Failed to load ${subject} (workspace-managed policies).`, {
    code: "RequestFailed",
    endpoint: path,
    ...facts,
  });
}
