import type { Contestant } from "../contest/contestant.ts";
import { type Memory, settledMemory } from "./memory.ts";

/** How many streams to hold open at once. */
export interface StreamsInput {
  readonly baseUrl: string;
  readonly count: number;
}

/** What one more open stream costs. */
export type StreamsOutcome = Memory;

/** Ends one stream. */
export type Close = () => void;

/**
 * Makes the contestant of one way to read streams: it opens them all, waits until each has delivered its first
 * delta and waits for the next, and compares the memory with that before.
 *
 * @param open - Opens one stream, and resolves once it is in the middle of its body.
 */
export function holdStreams(
  open: (baseUrl: string) => Promise<Close>,
): Contestant<StreamsInput, StreamsOutcome> {
  return {
    async run({ baseUrl, count }) {
      // Loads and compiles everything, so that only what streams hold is left to see.
      closeAll(await openAll(Math.min(count, 50), () => open(baseUrl)));
      const before = await settledMemory();
      const streams = await openAll(count, () => open(baseUrl));
      const during = await settledMemory();
      closeAll(streams);
      return {
        heapBytes: (during.heapBytes - before.heapBytes) / count,
        externalBytes: (during.externalBytes - before.externalBytes) / count,
        residentBytes: (during.residentBytes - before.residentBytes) / count,
      };
    },
  };
}

/** A few at a time: the backlog of a listening socket is short. */
async function openAll(count: number, open: () => Promise<Close>): Promise<Close[]> {
  const streams: Close[] = [];
  while (streams.length < count) {
    const size = Math.min(50, count - streams.length);
    streams.push(...(await Promise.all(Array.from({ length: size }, open))));
  }
  return streams;
}

function closeAll(streams: readonly Close[]): void {
  for (const close of streams) close();
}
