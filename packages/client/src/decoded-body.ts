import { pipeline, type Transform } from "node:stream";
import { type ContentDecoder, decodingError } from "./content-decoding.js";
import { isTransportError } from "./errors.js";
import type { RequestTarget } from "./request-target.js";
import type { StreamBody } from "./stream-body.js";

const finished: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * The decompressed body of a streaming answer. What can be decoded is handed out at once, and the socket is read no
 * faster than the result.
 *
 * It is no generator, because the `return` of a generator waits for a pending `next`, and on a stalled stream that
 * never comes.
 */
export class DecodedBody implements AsyncIterableIterator<Uint8Array> {
  readonly #target: RequestTarget;
  readonly #body: StreamBody;
  readonly #decoders: readonly Transform[];
  readonly #decoded: AsyncIterator<Uint8Array>;
  #isLeft = false;

  /** @param decoders - At least one. */
  constructor(target: RequestTarget, body: StreamBody, decoders: readonly ContentDecoder[]) {
    this.#target = target;
    this.#body = body;
    this.#decoders = decoders.map(({ createStream }) => createStream());
    const last = chain(this.#decoders);
    // Until the first `next` nobody listens, and an error event without a listener ends the process.
    last.on("error", () => {});
    this.#decoded = last[Symbol.asyncIterator]();
    const [first = last] = this.#decoders;
    void feed(body, first);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#isLeft) return finished;
    try {
      const { done, value } = await this.#decoded.next();
      return done === true ? finished : { done: false, value };
    } catch (error) {
      if (this.#isLeft) return finished;
      // A loop does not call `return` after an error.
      this.cancel();
      throw isTransportError(error) ? error : decodingError(this.#target, error);
    }
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#leave();
    return this.#body.return();
  }

  async throw(error: unknown): Promise<IteratorReturnResult<undefined>> {
    await this.return();
    throw error;
  }

  /** Cuts the connection at once. */
  cancel(): void {
    this.#leave();
    this.#body.cancel();
  }

  #leave(): void {
    this.#isLeft = true;
    for (const decoder of this.#decoders) decoder.destroy();
  }
}

function chain(decoders: readonly Transform[]): Transform {
  return decoders.reduce((from, to) => pipeline(from, to, () => {}));
}

async function feed(body: StreamBody, decoder: Transform): Promise<void> {
  try {
    for await (const chunk of body) {
      if (!decoder.write(chunk)) await drained(decoder);
      if (decoder.destroyed) return;
    }
    decoder.end();
  } catch (error) {
    decoder.destroy(error instanceof Error ? error : undefined);
  }
}

function drained(decoder: Transform): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      decoder.off("drain", done).off("close", done);
      resolve();
    };
    decoder.on("drain", done).on("close", done);
  });
}
