// Runs the benches by name, prints their tables and writes one JSON file. Started by scripts/bench.js.
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { assertions } from "./assertions/bench.ts";
import type { Bench } from "./bench.ts";
import { imports } from "./imports/bench.ts";
import { parseOptions } from "./options.ts";
import { formatResult } from "./report/print.ts";
import type { BenchResult } from "./report/result.ts";
import { request } from "./request/bench.ts";
import { sse } from "./sse/bench.ts";
import { streams } from "./streams/bench.ts";
import { turns } from "./turns/bench.ts";

const benches: readonly Bench[] = [sse, request, assertions, turns, imports, streams];
const root = fileURLToPath(new URL("../../..", import.meta.url));

const options = parseOptions(process.argv.slice(2));
const startedAt = new Date();
const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length };
console.log(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}`);

const results: BenchResult[] = [];
for (const bench of chosen(options.names)) {
  const result = await bench.run(options);
  results.push(result);
  console.log(`\n${formatResult(result)}`);
}

const file =
  options.json ?? join(root, "bench-results", `${startedAt.toISOString().replaceAll(":", "-")}.json`);
await mkdir(dirname(resolve(file)), { recursive: true });
await writeFile(file, `${JSON.stringify({ startedAt, machine, quick: options.quick, results }, null, 2)}\n`);
console.log(`\n${file}`);

function chosen(names: readonly string[]): readonly Bench[] {
  if (names.length === 0) return benches;
  return names.map((name) => {
    const bench = benches.find((candidate) => candidate.name === name);
    if (bench !== undefined) return bench;
    const list = benches.map(({ name: known, summary }) => `  ${known}  ${summary}`).join("\n");
    throw new TypeError(`no bench is called ${JSON.stringify(name)}; there are\n${list}`);
  });
}
