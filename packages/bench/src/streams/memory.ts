import { setImmediate } from "node:timers/promises";

/** What a process holds after a full collection. */
export interface Memory {
  /** Objects of JavaScript. */
  readonly heapBytes: number;
  /** Memory that JavaScript objects hold outside the heap, buffers included. */
  readonly externalBytes: number;
  /** The whole process, also what the runtime holds for its sockets. */
  readonly residentBytes: number;
}

/** Measures the memory that is really in use. Needs `--expose-gc`. */
export async function settledMemory(): Promise<Memory> {
  const { gc } = globalThis;
  if (gc === undefined) throw new TypeError("memory can only be measured with --expose-gc");
  // Finalizers run between collections, and what they free is only seen by the next one.
  for (let pass = 0; pass < 5; pass++) {
    gc();
    await setImmediate();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, externalBytes: external, residentBytes: rss };
}
