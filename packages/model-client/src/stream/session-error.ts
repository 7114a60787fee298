import {
  type ApiErrorCode,
  isApiError,
  isRetryableUserError,
  isUserError,
  toUserError,
  UserError,
} from "@codex-ts/api";
import { isAuthError } from "@codex-ts/auth-provider";
import { type BackendError, isBackendError } from "@codex-ts/backend-client";
import { isTransportError, type TransportError } from "@codex-ts/client";
import { isLoginError } from "@codex-ts/login";
import { bedrockUserMessage, isModelProviderError } from "@codex-ts/model-provider";

/**
 * Turns whatever a turn failed with into the error that its user is told. What went wrong with the credential or the
 * provider becomes a kind that says so; all else is in the words of the reference client.
 *
 * @param isBedrock - Whether Amazon Bedrock was asked, which has words of its own.
 */
export function toSessionError(error: unknown, isBedrock: boolean = false): UserError {
  if (isUserError(error)) return error;
  const credential = credentialError(error);
  if (credential !== undefined) return credential;
  if (isBackendError(error)) return fromBackend(error);
  const bedrock = isBedrock ? bedrockError(error) : undefined;
  if (bedrock !== undefined) return bedrock;
  if (isModelProviderError(error)) {
    const { variable, instructions } = error;
    if (variable !== undefined)
      return new UserError({ kind: "env_var", variable, instructions }, { cause: error });
    if (error.kind === "not_logged_in") return refused(error.message, error);
    return new UserError({ kind: "unsupported_operation", message: error.message }, { cause: error });
  }
  return toUserError(error);
}

/** Tells whether asking again may help. */
export function isWorthRetrying(error: UserError): boolean {
  const { cause } = error;
  if (isApiError(cause)) {
    if (cause.code !== undefined && finalCodes.has(cause.code)) return false;
    if (isTransportError(cause.cause) && cause.cause.kind === "build") return false;
  }
  if (isTransportError(cause) && cause.kind === "build") return false;
  return isRetryableUserError(error);
}

/** The error for a turn that its caller has given up. */
export function abortedTurn(reason: unknown): UserError {
  return new UserError({ kind: "turn_aborted" }, { cause: reason });
}

/** They come out the same however often they are tried. */
const finalCodes: ReadonlySet<ApiErrorCode> = new Set<ApiErrorCode>([
  "ca",
  "closed",
  "compression",
  "invalid_answer",
  "invalid_body",
  "invalid_header",
  "invalid_proxy_config",
  "invalid_redirect",
  "invalid_url",
  "proxy_407",
  "redirect_refused",
  "response_too_large",
  "sse_oversize",
  "too_many_redirects",
  "unsupported_proxy_scheme",
  "websocket_oversize",
]);

function credentialError(error: unknown): UserError | undefined {
  if (isAuthError(error)) return fromCredential(error.message, error.kind === "transient", error);
  if (isLoginError(error)) return fromCredential(error.message, error.retryable, error);
  const failure = isApiError(error) ? error.cause : error;
  if (!isTransportError(failure) || !isCredentialFailure(failure)) return undefined;
  return fromCredential(deepestMessage(failure), failure.kind !== "build", error);
}

function isCredentialFailure({ code }: TransportError): boolean {
  return code === "auth" || code === "recovery_failed";
}

/** Amazon Bedrock says in its own way that a signature is too old. */
function bedrockError(error: unknown): UserError | undefined {
  const told = toUserError(error);
  if (told.facts.kind !== "unexpected_status") return undefined;
  const { status, body } = told.facts;
  const userMessage = bedrockUserMessage({ status, body });
  if (userMessage === undefined) return undefined;
  return new UserError({ ...told.facts, userMessage }, { cause: error });
}

/** The backend was asked where the workspace is, and that failed. */
function fromBackend(error: BackendError): UserError {
  const { kind, message, retryAfterMs: delayMs } = error;
  const options = { cause: error, delayMs };
  if (kind === "aborted") return abortedTurn(error);
  if (kind === "auth") return refused(message, error);
  const isFinal = kind === "routing" || (kind === "status" && !isTransient(error.status));
  return new UserError({ kind: isFinal ? "unsupported_operation" : "io", message }, options);
}

function isTransient(status = 0): boolean {
  return status === 401 || status === 429 || status >= 500;
}

/** What cannot be mended by another try ends the turn, as a login that cannot be refreshed does. */
function fromCredential(message: string, isTransient: boolean, cause: unknown): UserError {
  return isTransient ? new UserError({ kind: "io", message }, { cause }) : refused(message, cause);
}

function refused(message: string, cause: unknown): UserError {
  return new UserError({ kind: "refresh_token_failed", message }, { cause });
}

/** What the credential said; the transport's own message only says where it was asked. */
function deepestMessage(failure: TransportError): string {
  return isAuthError(failure.cause) ? failure.cause.message : failure.message;
}
