import { type WorkloadName, workload } from "./workloads.ts";

/** What a side is asked to read: from the server, or from chunks in its own memory. */
export interface SseInput {
  readonly workload: WorkloadName;
  /** Base URL of the answer; absent for the variant without sockets. */
  readonly baseUrl?: string;
}

/** What a side found in the stream; compared with what is in it. */
export interface Tally {
  deltas: number;
  characters: number;
  finished: boolean;
}

/** An empty tally. */
export function createTally(): Tally {
  return { deltas: 0, characters: 0, finished: false };
}

/** Throws unless a side found in the stream what is in it. */
export function checkTally(tally: Tally, name: WorkloadName, side: string): void {
  const { deltas, characters } = workload(name);
  if (tally.finished && tally.deltas === deltas && tally.characters === characters) return;
  const expected = JSON.stringify({ deltas, characters, finished: true });
  throw new Error(`${side} read ${JSON.stringify(tally)} from ${name} instead of ${expected}`);
}
