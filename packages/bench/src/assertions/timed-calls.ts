/** What one round does. */
export type AssertionInput =
  /** One call after the other. */
  | { readonly pace: "flat out"; readonly count: number }
  /** Ten calls each millisecond, for this many seconds. */
  | { readonly pace: "10,000/s"; readonly seconds: number };

/** The calls of one round, and the time spent in them: without pauses, and without making what they work on. */
export interface AssertionOutcome {
  readonly calls: number;
  readonly busyMs: number;
}

/** Takes the time of calls at the asked pace, each on fresh headers, as a request has them. */
export function timeCalls(
  input: AssertionInput,
  call: (headers: Headers) => void,
): Promise<AssertionOutcome> {
  return input.pace === "flat out" ? flatOut(input.count, call) : paced(input.seconds * 10_000, call);
}

const callsPerMillisecond = 10;
const flatOutBatch = 100;

async function flatOut(total: number, call: (headers: Headers) => void): Promise<AssertionOutcome> {
  let busyMs = 0;
  // Small batches: thousands of headers that are made first and used later would measure the memory instead.
  for (let calls = 0; calls < total; calls += flatOutBatch) {
    busyMs += timeBatch(Math.min(flatOutBatch, total - calls), call);
  }
  return { calls: total, busyMs };
}

/** Timers are late now and then, so what is due is made up for: the rate holds over the whole time. */
async function paced(total: number, call: (headers: Headers) => void): Promise<AssertionOutcome> {
  let calls = 0;
  let busyMs = 0;
  const startedAt = performance.now();
  while (calls < total) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const due = Math.min(total, Math.floor((performance.now() - startedAt) * callsPerMillisecond));
    busyMs += timeBatch(due - calls, call);
    calls = due;
  }
  return { calls, busyMs };
}

function timeBatch(size: number, call: (headers: Headers) => void): number {
  const batch = Array.from({ length: size }, () => new Headers());
  const startedAt = performance.now();
  for (const headers of batch) call(headers);
  return performance.now() - startedAt;
}
