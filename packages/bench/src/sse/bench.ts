import type { Bench } from "../bench.ts";
import { Contest, medianTimes, type Rounds, timeRatios } from "../contest/contest.ts";
import { formatNumber } from "../report/print.ts";
import { atLeast, atMost, type Check, type Table } from "../report/result.ts";
import { startServer } from "../server/start.ts";
import { checkTally, type SseInput, type Tally } from "./tally.ts";
import { recipes, type WorkloadName, workload } from "./workloads.ts";

const sides = {
  bare: new URL("sides/bare.ts", import.meta.url),
  "codex-ts": new URL("sides/codex-ts.ts", import.meta.url),
  openai: new URL("sides/openai.ts", import.meta.url),
  "ai-sdk": new URL("sides/ai-sdk.ts", import.meta.url),
};
const ours = "codex-ts";
const compared: readonly WorkloadName[] = [
  "deltas",
  "deltas-segments",
  "deltas-each",
  "deltas-wide",
  "deltas-reasoning",
  "image-8",
  "image-8-segments",
];
/** The workloads whose events per second are promised to be those of openai several times over. */
const raced: ReadonlySet<WorkloadName> = new Set(["deltas", "deltas-segments", "deltas-each", "deltas-wide"]);
const growth: readonly (readonly WorkloadName[])[] = [
  ["image-1", "image-2", "image-4", "image-8"],
  ["image-1-segments", "image-2-segments", "image-4-segments", "image-8-segments"],
];
/** Doubling the size doubles a linear time and quadruples a quadratic one; this leaves room for noise. */
const linearGrowth = 2.4;

/** The times of all sides for one workload. */
interface SseFigures {
  readonly workload: WorkloadName;
  readonly variant: "sockets" | "memory";
  readonly sides: Readonly<Record<string, SideFigures>>;
}

interface SideFigures {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly eventsPerSecond: number;
  /** Times the bare parser's time. */
  readonly toBare: { readonly wallMs: number; readonly cpuMs: number };
  /** Times openai's events per second. */
  readonly speedToOpenai: number;
  readonly rounds: readonly { readonly wallMs: number; readonly cpuMs: number }[];
}

/** Server-sent events to typed events. */
export const sse: Bench = {
  name: "sse",
  summary: "server-sent events to typed events, over sockets and from memory",
  async run({ quick }) {
    const repetitions = quick ? { warmup: 3, rounds: 3 } : { warmup: 10, rounds: 21 };
    const server = await startServer();
    const contest = await Contest.start<SseInput, Tally>(sides);
    const figures: SseFigures[] = [];
    try {
      for (const variant of ["sockets", "memory"] as const) {
        for (const name of new Set([...compared, ...growth.flat()])) {
          const input =
            variant === "memory"
              ? { workload: name }
              : { workload: name, baseUrl: `${server.origin}/${name}` };
          const rounds = await contest.run(input, repetitions, (tally, side) =>
            checkTally(tally, name, side),
          );
          figures.push(figuresOf(name, variant, rounds));
        }
      }
    } finally {
      contest.stop();
      server.stop();
    }
    return {
      name: "sse",
      tables: [
        comparison("Server-sent events to typed events, loopback sockets", figures, "sockets"),
        comparison("The same from memory, no sockets", figures, "memory"),
        ...growth.map((names) => growthTable(names, figures)),
      ],
      checks: checks(figures),
      figures,
    };
  },
};

function figuresOf(name: WorkloadName, variant: SseFigures["variant"], rounds: Rounds<Tally>): SseFigures {
  const { events } = workload(name);
  const bySide = Object.keys(sides).map((side): [string, SideFigures] => {
    const times = medianTimes(rounds, side);
    return [
      side,
      {
        ...times,
        eventsPerSecond: (events / times.wallMs) * 1000,
        toBare: timeRatios(rounds, side, "bare"),
        speedToOpenai: timeRatios(rounds, "openai", side).wallMs,
        rounds: (rounds.get(side) ?? []).map(({ wallMs, cpuMs }) => ({ wallMs, cpuMs })),
      },
    ];
  });
  return { workload: name, variant, sides: Object.fromEntries(bySide) };
}

function comparison(title: string, figures: readonly SseFigures[], variant: SseFigures["variant"]): Table {
  const rows = figures
    .filter((figure) => figure.variant === variant && compared.includes(figure.workload))
    .flatMap(({ workload: name, sides: bySide }) =>
      Object.entries(bySide).map(([side, figure]) => [
        `${recipes[name].title} · ${side}`,
        formatNumber(figure.wallMs),
        formatNumber(figure.cpuMs),
        formatNumber(figure.eventsPerSecond),
        `${formatNumber(figure.toBare.wallMs)}×`,
        `${formatNumber(figure.toBare.cpuMs)}×`,
        `${formatNumber(figure.speedToOpenai)}×`,
      ]),
    );
  return {
    title,
    columns: ["", "wall ms", "CPU ms", "events/s", "wall / bare", "CPU / bare", "speed / openai"],
    rows,
  };
}

function growthTable(names: readonly WorkloadName[], figures: readonly SseFigures[]): Table {
  return {
    title: `Growth with size, loopback sockets, wall ms: ${recipes[names[0] as WorkloadName].title} and so on`,
    columns: ["", "1 MiB", "2 MiB", "4 MiB", "8 MiB", "for each doubling"],
    rows: Object.keys(sides).map((side) => {
      const times = timesBySize(names, figures, side);
      return [side, ...times.map(formatNumber), `${formatNumber(growthOf(times))}×`];
    }),
  };
}

function timesBySize(names: readonly WorkloadName[], figures: readonly SseFigures[], side: string): number[] {
  return names.map((name) => find(figures, name, "sockets").sides[side]?.wallMs ?? Number.NaN);
}

/** The mean factor from one size to its double, from the smallest to the largest. */
function growthOf(times: readonly number[]): number {
  const [first, last] = [times[0] ?? Number.NaN, times.at(-1) ?? Number.NaN];
  return (last / first) ** (1 / (times.length - 1));
}

function checks(figures: readonly SseFigures[]): Check[] {
  const result: Check[] = [];
  for (const name of compared) {
    const own = find(figures, name, "sockets").sides[ours] as SideFigures;
    const { title } = recipes[name];
    if (raced.has(name)) {
      result.push(atLeast(`${title}: events/s against openai`, own.speedToOpenai, 5));
    }
    result.push(atMost(`${title}: wall time against the bare parser`, own.toBare.wallMs, 1.25));
    result.push(atMost(`${title}: CPU time against the bare parser`, own.toBare.cpuMs, 1.25));
  }
  for (const names of growth) {
    const { title } = recipes[names[0] as WorkloadName];
    result.push(
      atMost(
        `${title} and so on: growth for each doubling`,
        growthOf(timesBySize(names, figures, ours)),
        linearGrowth,
      ),
    );
  }
  return result;
}

function find(
  figures: readonly SseFigures[],
  name: WorkloadName,
  variant: SseFigures["variant"],
): SseFigures {
  const found = figures.find((figure) => figure.workload === name && figure.variant === variant);
  if (found === undefined) throw new TypeError(`${name} was not measured`);
  return found;
}
