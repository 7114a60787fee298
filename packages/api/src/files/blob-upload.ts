import { randomUUID } from "node:crypto";
import {
  isTransportError,
  type RequestTelemetry,
  statusText,
  type Transport,
  type TransportError,
  transportErrorText,
} from "@codex-ts/client";
import { ApiError, isApiError } from "../api-error.js";
import { abortedError } from "../stream-error.js";
import { announcedBytes } from "./announced-bytes.js";
import type { OpenFile } from "./file-source.js";

/** Where the content goes, and how. */
export interface BlobUpload {
  readonly transport: Transport;
  /** Carries its own credential, so it is shown nowhere. */
  readonly url: URL;
  readonly file: OpenFile;
  readonly timeoutMs: number;
  /** Told how many bytes the socket has taken, and all of them when they have arrived. */
  readonly onSent: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
  readonly telemetry: RequestTelemetry | undefined;
}

/**
 * Sends the content of a file to its place in the storage, once: without the credential, without the headers by which
 * clients of the API introduce themselves, and as fast as the storage takes it.
 *
 * @throws {@link ApiError} of kind `transport`, `aborted`, or `file` when it is the file that failed.
 */
export async function uploadBlob(upload: BlobUpload): Promise<void> {
  const { transport, url, file, timeoutMs, onSent, signal, telemetry } = upload;
  const clientRequestId = randomUUID();
  const startedAt = performance.now();
  try {
    await transport.execute(
      {
        method: "PUT",
        url: url.href,
        headers: { "x-ms-blob-type": "BlockBlob", "x-ms-client-request-id": clientRequestId },
        body: { stream: () => announcedBytes(file, onSent), length: file.size, isReplayable: false },
        timeoutMs,
      },
      { defaultHeaders: false, signal, telemetry },
    );
  } catch (error) {
    throw toBlobError(error, url, clientRequestId, performance.now() - startedAt);
  }
  onSent(file.size);
}

/** The causes are left out where they hold the URL or the answer of the storage, which may quote it. */
function toBlobError(error: unknown, url: URL, clientRequestId: string, elapsedMs: number): unknown {
  if (!isTransportError(error)) return error;
  if (isApiError(error.cause)) return error.cause;
  if (error.kind === "aborted") return abortedError(error.cause, undefined);
  if (error.kind === "http") return refusal(error, url, clientRequestId);
  const text = transportErrorText(error);
  const message =
    `OpenAI file blob upload to ${url.host} failed after ${Math.round(elapsedMs)} ms ` +
    `(${category(error)}, azure_client_request_id=${clientRequestId}): ${text}`;
  return new ApiError(message, { kind: "transport", code: error.code, cause: error.cause });
}

function refusal(error: TransportError, { host }: URL, clientRequestId: string): ApiError {
  const { status = 0, headers, code, retryAfterMs } = error;
  const requestId = headers?.get("x-ms-request-id") ?? undefined;
  const message =
    `OpenAI file blob upload to ${host} failed with status ${statusText(status)} ` +
    `(azure_client_request_id=${clientRequestId}, azure_request_id=${requestId ?? "missing"}, ` +
    `azure_error_code=${headers?.get("x-ms-error-code") ?? "missing"})`;
  return new ApiError(message, { kind: "transport", code, status, delayMs: retryAfterMs, requestId });
}

function category({ kind, code }: TransportError): string {
  if (kind === "timeout") return "timeout";
  if (code === "connect_failed" || code === "proxy" || code === "proxy_407") return "connect";
  if (code === "invalid_body") return "body";
  return kind === "network" || kind === "build" ? "request" : "other";
}
