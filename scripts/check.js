// Runs everything that CI runs, in order, and stops at the first step that fails. The last line counts the
// tests of all runs: `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.js";

const nodeVersions = ["22.23.3", "24.21.0"];
const results = join(root, "temp", "tests");
const pnpm = ["npx", "-y", "pnpm@10.34.9"];

const steps = [
  ["build", [...pnpm, "build"]],
  ["types", [...pnpm, "typecheck"]],
  ["lint and boundaries", [...pnpm, "lint"]],
  ["unused code", [...pnpm, "knip"]],
  ["public signatures", ["node", "scripts/api-reports.js", "--check"]],
  ["tests", [...pnpm, "test"], "current"],
  ...nodeVersions.map((version) => [
    `tests on Node ${version}`,
    ["npx", "-y", `node@${version}`, "node_modules/vitest/vitest.mjs", "run"],
    version,
  ]),
  ["packages", [...pnpm, "exec", "turbo", "run", "check:package"]],
  ["installed packages", ["node", "scripts/check-consumers.js"]],
  ["demo", [...pnpm, "demo"]],
];

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

let failure;
for (const [name, [command, ...args], tests] of steps) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
      ...(tests === undefined ? {} : { TEST_RESULTS: join(results, `${tests}.json`) }),
    },
  });
  console.log(
    `── ${name}: ${status === 0 ? "ok" : "FAILED"}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) {
    failure = name;
    break;
  }
}

const count = { passed: 0, failed: 0 };
for (const [, , tests] of steps) {
  if (tests === undefined) continue;
  try {
    const report = JSON.parse(readFileSync(join(results, `${tests}.json`), "utf8"));
    count.passed += report.numPassedTests;
    count.failed += report.numFailedTests;
  } catch {
    // The step did not get as far as writing its report.
  }
}
console.log(failure === undefined ? "\nall checks passed" : `\nfailed: ${failure}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = failure === undefined ? 0 : 1;
