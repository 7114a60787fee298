import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";
import { formatNumber } from "../report/print.ts";
import { atMost, type BenchResult } from "../report/result.ts";
import { median, medianRatio } from "../report/statistics.ts";
import { importTime, loadedPackages } from "./import-probe.ts";
import { type Installation, install } from "./installation.ts";
import { tarballsOf, workspacePackages } from "./workspace-packages.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const peersManifest = new URL("../../peers/package.json", import.meta.url);
const base = "openai";
/** Heavy, and needed by no one who only imports. */
const lazy = ["undici", "zod"];

/** What is installed by itself, and what is imported from it. */
interface Candidate {
  readonly specifiers: readonly string[];
  readonly entries: readonly string[];
}

interface Figures {
  readonly entry: string;
  readonly importMs: readonly number[];
  readonly loaded: readonly string[];
  readonly packages: number;
  readonly bytes: number;
}

/** Import time and installed size. */
export const imports: Bench = {
  name: "import",
  summary: "import time and installed size of each package",
  async run({ quick }) {
    const measured: {
      readonly entry: string;
      readonly installation: Installation;
      readonly times: number[];
    }[] = [];
    try {
      for (const { specifiers, entries } of [...ours(), ...peers()]) {
        const installation = install(specifiers);
        for (const entry of entries) measured.push({ entry, installation, times: [] });
      }
      // The first import of each warms the disk's cache and is not counted.
      for (let round = -1; round < (quick ? 3 : 9); round++) {
        for (const { entry, installation, times } of measured) {
          const milliseconds = importTime(entry, installation.folder);
          if (round >= 0) times.push(milliseconds);
        }
      }
      return report(
        measured.map(({ entry, times, installation: { folder, packages, bytes } }) => ({
          entry,
          importMs: times,
          loaded: loadedPackages(entry, folder),
          packages,
          bytes,
        })),
      );
    } finally {
      for (const { installation } of measured) installation.remove();
    }
  },
};

function ours(): Candidate[] {
  const packages = workspacePackages(root);
  return [...packages.values()].map(({ name, entries }) => ({
    specifiers: tarballsOf(name, packages),
    entries,
  }));
}

function peers(): Candidate[] {
  const { dependencies } = JSON.parse(readFileSync(peersManifest, "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies).map(([name, version]) => ({
    specifiers: [`${name}@${version}`],
    entries: [name],
  }));
}

function report(figures: readonly Figures[]): BenchResult {
  const baseTimes = figuresOf(base, figures).importMs;
  return {
    name: "import",
    tables: [
      {
        title: "Each in a fresh process, installed by itself from its tarball",
        columns: ["", "import ms", "/ openai", "packages", "installed KiB", "loads"],
        rows: figures.map(({ entry, importMs, loaded, packages, bytes }) => [
          entry,
          formatNumber(median(importMs)),
          `${formatNumber(medianRatio(importMs, baseTimes))}×`,
          String(packages),
          formatNumber(bytes / 1024),
          lazy.filter((name) => loaded.includes(name)).join(", "),
        ]),
      },
    ],
    checks: [
      atMost(
        "import of @codex-ts/api against openai",
        medianRatio(figuresOf("@codex-ts/api", figures).importMs, baseTimes),
        0.4,
      ),
      atMost(
        "of undici and zod, loaded by importing @codex-ts/api",
        lazy.filter((name) => figuresOf("@codex-ts/api", figures).loaded.includes(name)).length,
        0,
      ),
    ],
    figures,
  };
}

function figuresOf(entry: string, figures: readonly Figures[]): Figures {
  const found = figures.find((candidate) => candidate.entry === entry);
  if (found === undefined) throw new TypeError(`${entry} was not measured`);
  return found;
}
