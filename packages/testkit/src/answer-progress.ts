import type { ServerResponse } from "node:http";

/** How far an answer has got. */
export interface AnswerProgress {
  /** Undefined until it is sent. */
  readonly status: number | undefined;
  /** Whether all of the answer was sent. */
  readonly isComplete: boolean;
  /** Resolves when nothing more is sent. */
  readonly closed: Promise<unknown>;
}

/** Tells how far an answer over HTTP has got. */
export function httpProgress(response: ServerResponse): AnswerProgress {
  return {
    get status() {
      return response.headersSent ? response.statusCode : undefined;
    },
    get isComplete() {
      return response.writableFinished;
    },
    closed: new Promise((resolve) => response.once("close", resolve)),
  };
}

/** The progress of what is not an answer over HTTP: an open WebSocket, or the answer to a message on it. */
export class ManualProgress implements AnswerProgress {
  readonly closed: Promise<void>;
  status: number | undefined;
  isComplete = false;
  #close: () => void = () => {};

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  close(): void {
    this.#close();
  }
}
