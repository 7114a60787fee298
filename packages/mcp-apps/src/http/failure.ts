import { isAuthError } from "@codex-ts/auth-provider";
import { isTransportError, type TransportError } from "@codex-ts/client";
import { isMcpAppsError, McpAppsError, type McpAppsErrorKind } from "../errors.js";
import { isJsonObject, type JsonObject } from "../json-object.js";
import { isRetriedStatus } from "./retry.js";
import type { Secrets } from "./secrets.js";

/** What is known of a request that failed. */
export interface FailedRequest {
  /** Whether it named a session, which the server may have forgotten. */
  readonly hasSession?: boolean | undefined;
  /** What ended it, if it was ended. */
  readonly signal?: AbortSignal | undefined;
  readonly secrets?: Secrets | undefined;
}

/** Turns what a request failed with into our error. */
export function toHttpFailure(
  error: unknown,
  { hasSession = false, signal, secrets }: FailedRequest = {},
): McpAppsError {
  if (isMcpAppsError(error)) return error;
  if (signal?.aborted === true) return aborted(signal.reason);
  if (!isTransportError(error))
    return new McpAppsError("the request to Codex Apps failed", { kind: "network", cause: error });
  const refusal = isAuthError(error.cause) ? error.cause.cause : undefined;
  if (isMcpAppsError(refusal)) return refusal;
  if (error.kind === "aborted") return aborted(error.cause);
  const rpc = rpcErrorOf(error);
  const kind = kindOf(error, hasSession, rpc !== undefined);
  if (kind === "rpc" && rpc !== undefined) return rpcFailure(rpc, secrets, error);
  const { message, status, retryAfterMs, requestId, body } = error;
  return new McpAppsError(message, { kind, status, retryAfterMs, requestId, body, cause: error });
}

/** The error for what a server says with a JSON-RPC error. Its text is shown, but cannot forge lines of a log. */
export function rpcFailure(error: JsonObject, secrets?: Secrets, cause?: TransportError): McpAppsError {
  const { code, message } = error;
  const rpcCode = typeof code === "number" ? code : undefined;
  const text = String(message ?? "");
  const shown = JSON.stringify((secrets?.scrub(text) ?? text).slice(0, 1024));
  return new McpAppsError(`Codex Apps answered with error ${rpcCode ?? "without a code"}: ${shown}`, {
    kind: "rpc",
    rpcCode,
    status: cause?.status,
    requestId: cause?.requestId,
    cause,
  });
}

function aborted(reason: unknown): McpAppsError {
  return new McpAppsError("the request was aborted", { kind: "aborted", cause: reason });
}

function kindOf(error: TransportError, hasSession: boolean, isRpc: boolean): McpAppsErrorKind {
  const { kind, code, status, headers } = error;
  if (code === "auth" || code === "recovery_failed") return "auth";
  if (code === "closed") return "closed";
  if (code === "redirect_refused") return "origin";
  if (kind === "build") return "config";
  if (kind === "timeout") return "timeout";
  if (kind !== "http") return "network";
  if (status === 404 && hasSession) return "session_expired";
  if (status === 401) return "unauthorized";
  if (status === 403 && scopeChallenge.test(headers?.get("www-authenticate") ?? ""))
    return "insufficient_scope";
  if (code === "html_answer") return "html";
  return isRpc ? "rpc" : "http";
}

// RFC 6750 §3.1. Several challenges arrive as one text.
const scopeChallenge = /(?:^|,)\s*bearer\s.*?\berror\s*=\s*"?insufficient_scope\b/i;

function rpcErrorOf({ kind, status, headers, body }: TransportError): JsonObject | undefined {
  if (kind !== "http" || isRetriedStatus(status) || !/\bjson\b/i.test(headers?.get("content-type") ?? ""))
    return undefined;
  try {
    const answer: unknown = JSON.parse(body ?? "");
    const error = isJsonObject(answer) && answer["jsonrpc"] === "2.0" ? answer["error"] : undefined;
    return isJsonObject(error) ? error : undefined;
  } catch {
    return undefined;
  }
}
