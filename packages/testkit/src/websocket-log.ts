import type { ReceivedRequest } from "./received-request.js";

/** A text message of a WebSocket. */
export interface WebSocketMessage {
  readonly from: "client" | "server";
  readonly text: string;
  /** Epoch milliseconds, always real time. */
  readonly at: number;
}

/** A WebSocket as it went. Live: messages are added as they come. */
export interface WebSocketLog {
  /** The upgrade. */
  readonly request: ReceivedRequest;
  /** Whether messages are compressed. */
  readonly isCompressed: boolean;
  /** All text messages of both sides, oldest first. */
  readonly messages: readonly WebSocketMessage[];
  /** How it was closed, once it is; code 1006 when no close frame came. */
  readonly closed: { readonly code: number; readonly reason: string } | undefined;
}
