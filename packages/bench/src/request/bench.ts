import type { Bench } from "../bench.ts";
import { Contest, medianTimes, timeRatios } from "../contest/contest.ts";
import { formatNumber } from "../report/print.ts";
import { atMost } from "../report/result.ts";
import { startServer } from "../server/start.ts";
import type { RequestInput, RequestOutcome } from "./input.ts";

const sides = {
  bare: new URL("sides/bare.ts", import.meta.url),
  // The same code once more: how far it is from 1 is what the machine adds to every other ratio.
  "bare again": new URL("sides/bare.ts", import.meta.url),
  "codex-ts": new URL("sides/codex-ts.ts", import.meta.url),
  openai: new URL("sides/openai.ts", import.meta.url),
};

/** CPU time of small unary requests. */
export const request: Bench = {
  name: "request",
  summary: "CPU time of a small unary request",
  async run({ quick }) {
    const count = quick ? 500 : 1000;
    const repetitions = quick ? { warmup: 2, rounds: 3 } : { warmup: 20, rounds: 101 };
    const server = await startServer();
    const contest = await Contest.start<RequestInput, RequestOutcome>(sides);
    try {
      const input = { baseUrl: `${server.origin}/unary`, count };
      const rounds = await contest.run(input, repetitions, ({ answered }, side) => {
        if (answered !== count) throw new Error(`${side} got ${answered} of ${count} answers`);
      });
      const figures = Object.keys(sides).map((side) => ({
        side,
        ...medianTimes(rounds, side),
        toBare: timeRatios(rounds, side, "bare"),
        rounds: rounds.get(side)?.map(({ wallMs, cpuMs }) => ({ wallMs, cpuMs })),
      }));
      return {
        name: "request",
        tables: [
          {
            title: "A small POST and its answer, one after the other on a kept connection",
            columns: ["", "CPU µs", "wall µs", "CPU / bare", "wall / bare"],
            rows: figures.map(({ side, cpuMs, wallMs, toBare }) => [
              side,
              formatNumber((cpuMs * 1000) / count),
              formatNumber((wallMs * 1000) / count),
              `${formatNumber(toBare.cpuMs)}×`,
              `${formatNumber(toBare.wallMs)}×`,
            ]),
          },
        ],
        checks: [
          atMost(
            "CPU time of a unary request against bare undici",
            timeRatios(rounds, "codex-ts", "bare").cpuMs,
            1.15,
          ),
        ],
        figures: { count, sides: figures },
      };
    } finally {
      contest.stop();
      server.stop();
    }
  },
};
