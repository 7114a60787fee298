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

/** Makes the check that a side found in the stream what is in it; it throws if not. */
export function checkTally(name: WorkloadName): (tally: Tally, side: string) => void {
  const { deltas, characters } = workload(name);
  const expected = JSON.stringify({ deltas, characters, finished: true });
  return (tally, side) => {
    if (tally.finished && tally.deltas === deltas && tally.characters === characters) return;
    throw new Error(`${side} read ${JSON.stringify(tally)} from ${name} instead of ${expected}`);
  };
}
