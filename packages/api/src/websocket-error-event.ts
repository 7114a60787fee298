import { createStatusError } from "@codex-ts/client";
import { ApiError } from "./api-error.js";
import { isJsonObject, type JsonObject } from "./json-object.js";
import { toRequestError } from "./request-error.js";

/** Where an error came from. */
export interface ErrorEventSource {
  /** URL of the connection. */
  readonly url: string;
  readonly requestId: string | undefined;
  /** The credential as headers: an error must not show it. Nothing if it cannot be shown that way. */
  readonly credential: () => Headers | undefined;
}

/**
 * Reads a payload of type `error` that takes the place of an answer of HTTP.
 *
 * @param text - The payload as it came. It becomes the body of the error.
 * @returns Nothing for any other payload, and for one without a status that says failure.
 */
export function parseErrorEvent(
  payload: unknown,
  text: string,
  { url, requestId, credential }: ErrorEventSource,
): ApiError | undefined {
  if (!isErrorEvent(payload)) return undefined;
  const { error } = payload;
  const retry = error?.code === undefined || error.code === null ? undefined : retryCodes.get(error.code);
  if (retry !== undefined) {
    return new ApiError(error?.message ?? retry.message, {
      kind: "retryable",
      code: retry.code,
      requestId,
      serverCode: error?.code ?? undefined,
    });
  }
  const status = payload.status ?? payload.status_code;
  if (status === undefined || status === null || !isFailure(status)) return undefined;
  const headers = toHeaders(payload.headers);
  const answer = { method: "WebSocket", url, status, headers, body: text, credential: credential() };
  return toRequestError(createStatusError(answer));
}

/** They mean the connection and not the request, so their status is not looked at. */
const retryCodes = new Map([
  [
    "websocket_connection_limit_reached",
    {
      code: "connection_limit",
      message:
        "Responses websocket connection limit reached (60 minutes). Create a new websocket connection to continue.",
    },
  ],
  [
    "previous_response_not_found",
    { code: "previous_response_not_found", message: "Previous response not found." },
  ],
] as const satisfies readonly (readonly [
  string,
  { readonly code: string; readonly message: string },
])[]) as ReadonlyMap<
  string,
  { readonly code: "connection_limit" | "previous_response_not_found"; readonly message: string }
>;

type Optional<Value> = Value | null | undefined;

interface ErrorEvent {
  readonly type: "error";
  readonly status?: Optional<number>;
  readonly status_code?: Optional<number>;
  readonly error?: Optional<{ readonly code?: Optional<string>; readonly message?: Optional<string> }>;
  readonly headers?: Optional<JsonObject>;
}

function isErrorEvent(value: unknown): value is ErrorEvent {
  if (!isJsonObject(value) || value["type"] !== "error") return false;
  const { error, headers } = value;
  return (
    isMissingOr("number", value["status"]) &&
    isMissingOr("number", value["status_code"]) &&
    (isMissing(headers) || isJsonObject(headers)) &&
    (isMissing(error) ||
      (isJsonObject(error) &&
        isMissingOr("string", error["code"]) &&
        isMissingOr("string", error["message"])))
  );
}

function isMissingOr(type: "number" | "string", value: unknown): boolean {
  return isMissing(value) || typeof value === type;
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isFailure(status: number): boolean {
  return Number.isInteger(status) && status >= 100 && status <= 999 && !(status >= 200 && status <= 299);
}

/** Members that are no header are left out. */
function toHeaders(members: Optional<JsonObject>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(members ?? {})) {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") continue;
    try {
      headers.append(name, String(value));
    } catch {
      // Not a name, or not a value, of HTTP.
    }
  }
  return headers;
}
