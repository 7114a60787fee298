import type { Bench } from "../bench.ts";
import { Contest } from "../contest/contest.ts";
import { startServer } from "../server/start.ts";
import { type SseFigures, toFigures } from "./figures.ts";
import { compared, comparison, doubled, growthTable, promises } from "./report.ts";
import { checkTally, type SseInput, type Tally } from "./tally.ts";

const sides = {
  bare: new URL("sides/bare.ts", import.meta.url),
  "codex-ts": new URL("sides/codex-ts.ts", import.meta.url),
  openai: new URL("sides/openai.ts", import.meta.url),
  "ai-sdk": new URL("sides/ai-sdk.ts", import.meta.url),
};

/** Server-sent events to typed events. */
export const sse: Bench = {
  name: "sse",
  summary: "server-sent events to typed events, over sockets and from memory",
  async run({ quick }) {
    const figures = await measure(quick ? { warmup: 3, rounds: 3 } : { warmup: 10, rounds: 21 });
    return {
      name: "sse",
      tables: [
        comparison("Server-sent events to typed events, loopback sockets", figures, "sockets"),
        comparison("The same from memory, no sockets", figures, "memory"),
        ...doubled.map((names) => growthTable(figures, names, Object.keys(sides))),
      ],
      checks: promises(figures, "codex-ts"),
      figures,
    };
  },
};

async function measure(repetitions: { warmup: number; rounds: number }): Promise<SseFigures[]> {
  const server = await startServer();
  const contest = await Contest.start<SseInput, Tally>(sides);
  const figures: SseFigures[] = [];
  try {
    for (const workload of new Set([...compared, ...doubled.flat()])) {
      const input = { workload, baseUrl: `${server.origin}/${workload}` };
      const rounds = await contest.run(input, repetitions, checkTally(workload));
      figures.push(toFigures(workload, "sockets", rounds));
    }
    for (const workload of compared) {
      const rounds = await contest.run({ workload }, repetitions, checkTally(workload));
      figures.push(toFigures(workload, "memory", rounds));
    }
  } finally {
    contest.stop();
    server.stop();
  }
  return figures;
}
