import { medianTimes, type Rounds, type Times, timeRatios } from "../contest/contest.ts";
import type { Tally } from "./tally.ts";
import { type WorkloadName, workload } from "./workloads.ts";

/** Where the bytes come from. */
export type Variant = "memory" | "sockets";

/** The times of all sides for one workload. */
export interface SseFigures {
  readonly workload: WorkloadName;
  readonly variant: Variant;
  readonly sides: Readonly<Record<string, SideFigures>>;
}

/** The times of one side. */
export interface SideFigures extends Times {
  readonly eventsPerSecond: number;
  /** Times the time of the bare parser. */
  readonly toBare: Times;
  /** Times the events per second of openai. */
  readonly speedToOpenai: number;
  readonly rounds: readonly Times[];
}

/** Sums up the rounds of one workload. */
export function toFigures(name: WorkloadName, variant: Variant, results: Rounds<Tally>): SseFigures {
  const { events } = workload(name);
  const sides = [...results].map(([side, rounds]): [string, SideFigures] => {
    const times = medianTimes(results, side);
    return [
      side,
      {
        ...times,
        eventsPerSecond: (events / times.wallMs) * 1000,
        toBare: timeRatios(results, side, "bare"),
        speedToOpenai: timeRatios(results, "openai", side).wallMs,
        rounds: rounds.map(({ wallMs, cpuMs }) => ({ wallMs, cpuMs })),
      },
    ];
  });
  return { workload: name, variant, sides: Object.fromEntries(sides) };
}

/** The figures of one side for one workload over sockets. */
export function socketFigures(figures: readonly SseFigures[], name: WorkloadName, side: string): SideFigures {
  const found = figures.find((figure) => figure.workload === name && figure.variant === "sockets");
  const bySide = found?.sides[side];
  if (bySide === undefined) throw new TypeError(`${name} was not measured for ${side}`);
  return bySide;
}

/** The mean factor from the time of one workload to that of the next, over a row of workloads. */
export function growthFactor(
  figures: readonly SseFigures[],
  names: readonly WorkloadName[],
  side: string,
): number {
  const times = names.map((name) => socketFigures(figures, name, side).wallMs);
  const [first = Number.NaN] = times;
  return ((times.at(-1) ?? Number.NaN) / first) ** (1 / (times.length - 1));
}
