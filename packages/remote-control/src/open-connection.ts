import {
  isTransportError,
  type TransportError,
  type WebSocketConnection,
  type WebSocketTransport,
} from "@codex-ts/client";
import { answerIds } from "./backend-call.js";
import { bodyPreview, scrubSecrets } from "./body-preview.js";
import type { Enrollment } from "./enrollment.js";
import { isHeaderValue } from "./header-value.js";
import type { Limits } from "./limits.js";
import { abortedError, RemoteControlError } from "./remote-control-error.js";

/** What a connection is opened with. */
export interface OpenOptions {
  readonly transport: WebSocketTransport;
  readonly enrollment: Enrollment;
  readonly installationId: string;
  /** Up to where the backend need not send anything once more. */
  readonly cursor: string | undefined;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

const protocolVersion = "3";

/**
 * Opens the WebSocket of an enrolment. The server token is the only credential on it.
 *
 * @throws {@link RemoteControlError}: `timed_out`, code `server_missing` when the backend does not know the server any
 * more, with the status of any other refusal.
 */
export async function openConnection(options: OpenOptions): Promise<WebSocketConnection> {
  const { transport, enrollment, limits, signal } = options;
  const { websocketUrl, token } = enrollment;
  const headers = handshakeHeaders(options);
  const authorization = checkedHeader("authorization", `Bearer ${token?.secret.reveal() ?? ""}`);
  try {
    return await transport.connectWebSocket(
      { url: websocketUrl, headers },
      {
        auth: { addAuthHeaders: (fields) => fields.set("authorization", authorization) },
        signal,
        connectTimeoutMs: limits.connectTimeoutMs,
        pingIntervalMs: limits.pingIntervalMs,
        pingTimeoutMs: limits.pongTimeoutMs,
        // Most of it is base64 in JSON, and the reference does not offer compression either.
        perMessageDeflate: false,
        binaryMessages: "skip",
      },
    );
  } catch (error) {
    throw toOpenError(options, error);
  }
}

function handshakeHeaders({ enrollment, installationId, cursor }: OpenOptions): Record<string, string> {
  const headers: Record<string, string> = {
    "x-codex-server-id": enrollment.serverId,
    "x-codex-name": Buffer.from(enrollment.serverName).toString("base64"),
    "x-codex-protocol-version": protocolVersion,
    "x-codex-installation-id": installationId,
    ...(cursor === undefined ? {} : { "x-codex-subscribe-cursor": cursor }),
  };
  for (const [name, value] of Object.entries(headers)) checkedHeader(name, value);
  return headers;
}

/** @throws {@link RemoteControlError} of kind `invalid_input`, which does not show the value. */
function checkedHeader(name: string, value: string): string {
  if (isHeaderValue(value)) return value;
  throw new RemoteControlError(
    `invalid remote control header \`${name}\`: it holds a character that a header cannot carry`,
    { kind: "invalid_input" },
  );
}

function toOpenError({ enrollment, limits, signal }: OpenOptions, error: unknown): RemoteControlError {
  const url = enrollment.websocketUrl;
  if (signal.aborted) return abortedError(signal);
  if (isTransportError(error) && error.code === "connect_timeout") {
    const limit = `${limits.connectTimeoutMs / 1000}s`;
    const message = `timed out connecting to remote control websocket at \`${url}\` after ${limit}`;
    return new RemoteControlError(message, { kind: "timed_out", cause: error });
  }
  const failed = `failed to connect app-server remote control websocket \`${url}\``;
  if (!isTransportError(error)) {
    const name = error instanceof Error ? error.name : typeof error;
    return new RemoteControlError(`${failed} (${name})`, { kind: "other", cause: error });
  }
  const { status, retryAfterMs } = error;
  return new RemoteControlError(`${failed}: ${error.message}${answerText(error)}`, {
    kind: "other",
    code: isServerMissing(error) ? "server_missing" : undefined,
    status,
    retryAfterMs,
    cause: error,
  });
}

function answerText({ kind, headers, body = "" }: TransportError): string {
  if (kind !== "http") return "";
  const preview = body.trim() === "" ? "" : `, body: ${scrubSecrets(bodyPreview(body))}`;
  return `, ${answerIds(headers)}${preview}`;
}

/** Any other 404 may come from whoever stands in between. */
function isServerMissing({ status, body = "" }: TransportError): boolean {
  if (status !== 404) return false;
  try {
    return (
      (JSON.parse(body) as { readonly detail?: unknown } | null)?.detail === "Remote app server not found"
    );
  } catch {
    return false;
  }
}
