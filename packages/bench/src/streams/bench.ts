import type { Bench } from "../bench.ts";
import { Contest, type Rounds } from "../contest/contest.ts";
import { formatNumber } from "../report/print.ts";
import { atMost } from "../report/result.ts";
import { median } from "../report/statistics.ts";
import { startServer } from "../server/start.ts";
import type { StreamsInput, StreamsOutcome } from "./held-streams.ts";

const sides = {
  "socket only": new URL("sides/socket.ts", import.meta.url),
  "undici, not parsed": new URL("sides/undici.ts", import.meta.url),
  bare: new URL("sides/bare.ts", import.meta.url),
  "codex-ts": new URL("sides/codex-ts.ts", import.meta.url),
  openai: new URL("sides/openai.ts", import.meta.url),
};

/** Memory of many streams at once. */
export const streams: Bench = {
  name: "streams",
  summary: "memory of 1,000 streams that are open at once",
  async run({ quick }) {
    const count = quick ? 200 : 1000;
    const rounds: Rounds<StreamsOutcome>[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) rounds.push(await measureOnce(count));
    const figures = Object.keys(sides).map((side) => ({
      side,
      heapBytes: medianOf(rounds, side, "heapBytes"),
      externalBytes: medianOf(rounds, side, "externalBytes"),
      residentBytes: medianOf(rounds, side, "residentBytes"),
    }));
    const heapOf = (side: keyof typeof sides): number => medianOf(rounds, side, "heapBytes");
    return {
      name: "streams",
      tables: [
        {
          title: `KiB for each of ${formatNumber(count)} streams held open in the middle of the body`,
          columns: ["", "heap", "external", "resident", "heap / bare", "heap above socket and undici"],
          rows: figures.map(({ side, heapBytes, externalBytes, residentBytes }) => [
            side,
            formatNumber(heapBytes / 1024),
            formatNumber(externalBytes / 1024),
            formatNumber(residentBytes / 1024),
            `${formatNumber(heapBytes / heapOf("bare"))}×`,
            formatNumber((heapBytes - heapOf("undici, not parsed")) / 1024),
          ]),
        },
      ],
      checks: [
        atMost(
          "heap for each stream against bare undici and parser",
          heapOf("codex-ts") / heapOf("bare"),
          1.25,
        ),
      ],
      figures: { count, sides: figures },
    };
  },
};

/** New processes each time: a heap remembers what was in it. */
async function measureOnce(count: number): Promise<Rounds<StreamsOutcome>> {
  const server = await startServer();
  const contest = await Contest.start<StreamsInput, StreamsOutcome>(sides);
  try {
    const input = { baseUrl: `${server.origin}/held`, count };
    return await contest.run(input, { warmup: 0, rounds: 1 }, () => {});
  } finally {
    contest.stop();
    server.stop();
  }
}

function medianOf(
  rounds: readonly Rounds<StreamsOutcome>[],
  side: string,
  key: keyof StreamsOutcome,
): number {
  return median(rounds.flatMap((round) => (round.get(side) ?? []).map(({ outcome }) => outcome[key])));
}
