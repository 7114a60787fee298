import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import {
  type ExchangeOptions,
  type Transport,
  TransportError,
  type TransportRequest,
  type TransportResponse,
  type TransportStream,
} from "@codex-ts/client";
import { type After, type Chunk, chunkBytes } from "./sse-vector.js";

/** What a {@link ReplayTransport} answers. */
export interface Replay {
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks: readonly (Chunk | Uint8Array)[];
  readonly after?: After;
  /** In place of the chunks. */
  readonly body?: AsyncIterable<Uint8Array>;
}

/** A transport that answers every request from memory, for cases that no socket can be made to produce on demand. */
export class ReplayTransport implements Transport {
  readonly #replay: Replay;
  /** How many chunks were asked for. */
  deliveredCount = 0;
  /** How often the body of an answer was closed by its reader. */
  closedCount = 0;

  constructor(replay: Replay) {
    this.#replay = replay;
  }

  stream({ url }: TransportRequest, { signal }: ExchangeOptions = {}): Promise<TransportStream> {
    const { headers = {} } = this.#replay;
    const body = this.#replay.body ?? this.#bytes(signal);
    return Promise.resolve({ status: 200, headers: new Headers(headers), url, body, cancel() {} });
  }

  execute(): Promise<TransportResponse> {
    return Promise.reject(new Error("nothing here is unary"));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#bytes(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const { chunks, after = "eof" } = this.#replay;
    let ended = false;
    try {
      for (const chunk of chunks) {
        if (typeof chunk === "object" && "delay_ms" in chunk) await wait(chunk.delay_ms);
        this.deliveredCount += 1;
        yield chunk instanceof Uint8Array ? chunk : chunkBytes(chunk);
      }
      ended = true;
      if (after === "hang") await hang(signal);
      if (typeof after === "object") throw new TransportError(after.error.message ?? "", after.error);
    } finally {
      if (!ended) this.closedCount += 1;
    }
  }
}

async function hang(signal: AbortSignal | undefined): Promise<never> {
  if (signal === undefined) await new Promise(() => {});
  else if (!signal.aborted) await once(signal, "abort");
  throw new TransportError("the exchange was aborted", { kind: "aborted", cause: signal?.reason });
}
