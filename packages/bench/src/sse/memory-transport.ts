import type { Transport } from "@codex-ts/client";
import type { Workload } from "./workloads.ts";

/** A transport whose streams are the chunks of a workload. */
export function memoryTransport({ chunks }: Workload): Transport {
  return {
    execute() {
      throw new TypeError("the bench only streams");
    },
    async stream({ url }) {
      return {
        status: 200,
        headers: new Headers({ "content-type": "text/event-stream" }),
        body: asyncChunks(chunks),
        url,
        cancel() {},
      };
    },
    async close() {},
    async [Symbol.asyncDispose]() {},
  };
}

/** Chunks one by one, as a body gives them. */
export async function* asyncChunks(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, undefined> {
  yield* chunks;
}
