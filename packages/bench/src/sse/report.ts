import { formatNumber } from "../report/print.ts";
import { atLeast, atMost, type Check, type Table } from "../report/result.ts";
import { growthFactor, type SseFigures, socketFigures, type Variant } from "./figures.ts";
import { recipes, type WorkloadName } from "./workloads.ts";

/** The workloads that are compared over sockets and from memory. */
export const compared: readonly WorkloadName[] = [
  "deltas",
  "deltas-segments",
  "deltas-each",
  "deltas-wide",
  "deltas-reasoning",
  "image-8",
  "image-8-segments",
];

/** Rows of workloads, each twice as big as the one before it. */
export const doubled: readonly (readonly WorkloadName[])[] = [
  ["image-1", "image-2", "image-4", "image-8"],
  ["image-1-segments", "image-2-segments", "image-4-segments", "image-8-segments"],
];

/** The workloads for which five times the events per second of openai are promised. */
const raced: ReadonlySet<WorkloadName> = new Set(["deltas", "deltas-segments", "deltas-each", "deltas-wide"]);

/** Doubling the size doubles a linear time and quadruples a quadratic one; this leaves room for noise. */
const linearGrowth = 2.4;

/** One row for each workload and side. */
export function comparison(title: string, figures: readonly SseFigures[], variant: Variant): Table {
  const rows = figures
    .filter((figure) => figure.variant === variant && compared.includes(figure.workload))
    .flatMap(({ workload, sides }) =>
      Object.entries(sides).map(([side, figure]) => [
        `${recipes[workload].title} · ${side}`,
        formatNumber(figure.wallMs),
        formatNumber(figure.cpuMs),
        formatNumber(figure.eventsPerSecond),
        `${formatNumber(figure.toBare.wallMs)}×`,
        `${formatNumber(figure.toBare.cpuMs)}×`,
        `${formatNumber(figure.speedToOpenai)}×`,
      ]),
    );
  const columns = ["", "wall ms", "CPU ms", "events/s", "wall / bare", "CPU / bare", "speed / openai"];
  return { title, columns, rows };
}

/** One row for each side: its time for each size. */
export function growthTable(
  figures: readonly SseFigures[],
  names: readonly WorkloadName[],
  sides: readonly string[],
): Table {
  return {
    title: `Growth with size over sockets, wall ms: ${titleOf(names)} and on`,
    columns: ["", "1 MiB", "2 MiB", "4 MiB", "8 MiB", "for each doubling"],
    rows: sides.map((side) => [
      side,
      ...names.map((name) => formatNumber(socketFigures(figures, name, side).wallMs)),
      `${formatNumber(growthFactor(figures, names, side))}×`,
    ]),
  };
}

/** What is promised of our side. */
export function promises(figures: readonly SseFigures[], ours: string): Check[] {
  const ofOthers = compared.flatMap((name) => {
    const { speedToOpenai, toBare } = socketFigures(figures, name, ours);
    const { title } = recipes[name];
    return [
      ...(raced.has(name) ? [atLeast(`${title}: events/s against openai`, speedToOpenai, 5)] : []),
      atMost(`${title}: wall time against the bare parser`, toBare.wallMs, 1.25),
      atMost(`${title}: CPU time against the bare parser`, toBare.cpuMs, 1.25),
    ];
  });
  const ofGrowth = doubled.map((names) =>
    atMost(`${titleOf(names)} and on: for each doubling`, growthFactor(figures, names, ours), linearGrowth),
  );
  return [...ofOthers, ...ofGrowth];
}

function titleOf([first]: readonly WorkloadName[]): string {
  return first === undefined ? "" : recipes[first].title;
}
