import type { TransportError } from "./errors.js";

/** Takes the bytes of an answer as they come off the socket. */
export interface BodySink {
  push(chunk: Uint8Array): void;
  end(): void;
  fail(error: TransportError): void;
}

/** The part of undici's request controller that a body needs. */
export interface FlowControl {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}
