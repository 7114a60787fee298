import type { IncomingHttpHeaders } from "node:http";
import type { AuthVerdict } from "./auth-verdict.js";

/** How an exchange ended. `aborted`: the client went away first. `cut`: the backend ended the connection on purpose. */
export type RequestOutcome = "answered" | "aborted" | "cut";

/**
 * One request as it arrived. Nothing is redacted: this is a test tool, and credentials are what tests look at.
 */
export interface ReceivedRequest {
  /** `WEBSOCKET` for a message on one, which is logged like a request with the headers of the upgrade. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name, repeated ones joined as `node:http` does. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values as sent, in the order of arrival. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  /** Decompressed. */
  readonly body: Buffer;
  /** As it was on the wire, after removal of chunked transfer coding. */
  readonly rawBody: Buffer;
  readonly auth: AuthVerdict;
  /** Epoch milliseconds at which the headers were complete; always real time. */
  readonly receivedAt: number;
  /** Number of the connection, counted from 1: equal numbers mean a reused socket. */
  readonly localSocketId: number;
  /** The `x-request-id` of the answer. */
  readonly requestId: string;
  /** Status of the answer, undefined until its headers are sent; over a WebSocket 200, or that of an `error` event. */
  readonly status: number | undefined;
  /** Whether the client went away before the answer was complete. */
  readonly aborted: boolean;
  /** Resolves when the exchange is over. Never rejects. */
  readonly outcome: Promise<RequestOutcome>;

  /**
   * Parses `body`.
   *
   * @throws SyntaxError when it is not JSON.
   */
  json(): unknown;
}
