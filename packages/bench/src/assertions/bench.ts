import type { Bench } from "../bench.ts";
import { Contest, type Rounds } from "../contest/contest.ts";
import { formatNumber } from "../report/print.ts";
import { atMost } from "../report/result.ts";
import { median } from "../report/statistics.ts";
import type { AssertionInput, AssertionOutcome } from "./timed-calls.ts";

const sides = {
  "bare crypto.sign": new URL("sides/sign.ts", import.meta.url),
  "two fixed headers": new URL("sides/fixed-headers.ts", import.meta.url),
  "codex-ts, one task": new URL("sides/codex-ts.ts", import.meta.url),
  "codex-ts, a new second each": new URL("sides/codex-ts-fresh.ts", import.meta.url),
};
const ours = "codex-ts, one task";

/** What signing costs a server with many requests. */
export const assertions: Bench = {
  name: "assertions",
  summary: "what an AgentAssertion costs, against a bare signature",
  async run({ quick }) {
    const contest = await Contest.start<AssertionInput, AssertionOutcome>(sides);
    const rounds = quick ? 3 : 9;
    try {
      const flatOut: AssertionInput = { pace: "flat out", count: quick ? 2000 : 10_000 };
      const paced: AssertionInput = { pace: "10,000/s", seconds: quick ? 1 : 3 };
      const fast = await contest.run(flatOut, { warmup: 3, rounds }, checkCalls(flatOut.count));
      const steady = await contest.run(
        paced,
        { warmup: 1, rounds: quick ? 1 : 5 },
        checkCalls(paced.seconds * 10_000),
      );
      const figures = Object.keys(sides).map((side) => ({
        side,
        flatOutUs: microsecondsPerCall(fast, side),
        pacedUs: microsecondsPerCall(steady, side),
      }));
      const bare = figures[0]?.flatOutUs ?? Number.NaN;
      return {
        name: "assertions",
        tables: [
          {
            title: "Headers of one task's requests",
            columns: [
              "",
              "µs each, flat out",
              "each/s",
              "µs each at 10,000/s",
              "signatures for the price of one call",
            ],
            rows: figures.map(({ side, flatOutUs, pacedUs }) => [
              side,
              formatNumber(flatOutUs),
              formatNumber(1e6 / flatOutUs),
              formatNumber(pacedUs),
              formatNumber(flatOutUs / bare),
            ]),
          },
        ],
        checks: [
          atMost("µs for each assertion at 10,000 requests/s", microsecondsPerCall(steady, ours), 2),
          atMost("µs for each assertion, flat out", microsecondsPerCall(fast, ours), 2),
        ],
        figures,
      };
    } finally {
      contest.stop();
    }
  },
};

function checkCalls(expected: number): (outcome: AssertionOutcome, side: string) => void {
  return ({ calls }, side) => {
    if (calls !== expected) throw new Error(`${side} made ${calls} of ${expected} calls`);
  };
}

function microsecondsPerCall(results: Rounds<AssertionOutcome>, side: string): number {
  const rounds = results.get(side) ?? [];
  return median(rounds.map(({ outcome: { calls, busyMs } }) => (busyMs * 1000) / calls));
}
