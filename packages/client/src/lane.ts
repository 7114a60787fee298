import type { Dispatcher } from "undici";

/** Takes what happens to a request on its lane. */
export interface LaneHandler extends Dispatcher.DispatchHandler {
  /** A connection is being established for the request, or may be. */
  onConnecting(): void;
}

/** A connection that one request has for itself until it releases it. */
export interface Lane {
  dispatch(options: Dispatcher.DispatchOptions, handler: LaneHandler): void;
  /** Gives up a connection that is still being established. */
  abandon(reason: Error): void;
  /** Gives the connection back when the request is over; it is reusable if the answer was read to its end. */
  release(isReusable: boolean): void;
}
