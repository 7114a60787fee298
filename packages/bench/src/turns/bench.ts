import type { Bench } from "../bench.ts";
import { Contest } from "../contest/contest.ts";
import { formatNumber } from "../report/print.ts";
import { atMost } from "../report/result.ts";
import { median } from "../report/statistics.ts";
import type { TurnsInput, TurnsOutcome } from "./history.ts";

const sides = {
  "codex-ts, same objects": new URL("sides/same-objects.ts", import.meta.url),
  "codex-ts, equal objects": new URL("sides/equal-objects.ts", import.meta.url),
  "JSON.stringify of all": new URL("sides/serialized.ts", import.meta.url),
};
const historyLength = 2000;

/** What a turn over a WebSocket costs before it is sent, when the history is long. */
export const turns: Bench = {
  name: "turns",
  summary: "finding what is new in a history of 2,000 items, for a WebSocket",
  async run({ quick }) {
    const contest = await Contest.start<TurnsInput, TurnsOutcome>(sides);
    try {
      const input: TurnsInput = { items: historyLength, turns: quick ? 20 : 100 };
      const results = await contest.run(
        input,
        { warmup: 2, rounds: quick ? 3 : 9 },
        ({ turns: taken, newItems }, side) => {
          if (taken !== input.turns || newItems !== input.turns)
            throw new Error(`${side} sent ${newItems} items in ${taken} of ${input.turns} turns`);
        },
      );
      const figures = Object.keys(sides).map((side) => ({
        side,
        msPerTurn: median((results.get(side) ?? []).map(({ outcome }) => outcome.busyMs / outcome.turns)),
      }));
      return {
        name: "turns",
        tables: [
          {
            title: `One turn on ${historyLength} items of history`,
            columns: ["", "ms"],
            rows: figures.map(({ side, msPerTurn }) => [side, formatNumber(msPerTurn)]),
          },
        ],
        checks: figures
          .filter(({ side }) => side.startsWith("codex-ts"))
          .map(({ side, msPerTurn }) => atMost(`ms a turn, ${side}`, msPerTurn, 1)),
        figures,
      };
    } finally {
      contest.stop();
    }
  },
};
