import {
  isTransportError,
  redactUrl,
  statusText,
  type TransportResponse,
  transportErrorText,
} from "@codex-ts/client";
import { ApiError, isApiError } from "../api-error.js";
import { decodeAnswer } from "../decode-answer.js";
import type { EndpointSession } from "../endpoint-session.js";
import { providerUrl } from "../provider.js";

/** One of the two requests that carry the credential. */
export interface FileRequest {
  readonly path: string;
  readonly body: object;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends a JSON request and decodes its answer.
 *
 * @param choose - Chooses the schema of the answer.
 * @throws {@link ApiError} of kind `transport`, `aborted`, or `stream` with code `invalid_answer`.
 */
export async function fileRequest<Value>(
  session: EndpointSession,
  { body, ...request }: FileRequest,
  choose: Parameters<typeof decodeAnswer<Value>>[1],
): Promise<Value> {
  const url = redactUrl(providerUrl(session.provider, request.path));
  let answer: TransportResponse;
  try {
    answer = await session.execute({ ...request, method: "POST", body: { json: body } });
  } catch (error) {
    throw toFileRequestError(error, url);
  }
  return decodeAnswer(answer, choose, `failed to parse OpenAI file response from ${url}`);
}

function toFileRequestError(error: unknown, url: string): unknown {
  if (!isApiError(error) || error.kind === "aborted") return error;
  const { kind, code, status, delayMs, resetsAt, requestId, cause } = error;
  const text = isTransportError(cause) ? transportErrorText(cause) : error.message;
  const message =
    status === undefined || code === "recovery_failed"
      ? `failed to send OpenAI file request to ${url}: ${text}`
      : `OpenAI file request to ${url} failed with status ${statusText(status)}`;
  return new ApiError(message, { kind, code, status, delayMs, resetsAt, requestId, cause });
}
