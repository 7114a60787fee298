import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const packages = readdirSync("packages").filter((name) => existsSync(`packages/${name}/test`));
const results = process.env["TEST_RESULTS"];

export default defineConfig({
  ssr: { resolve: { conditions: ["@codex-ts/source"] } },
  test: {
    // A hang must end, and nothing else may depend on how fast the machine is.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests wait for sockets and processes more than they compute: a small machine is not full with one file.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: results === undefined ? ["default"] : ["default", ["json", { outputFile: results }]],
    projects: [
      { extends: true, test: { name: "workspace", root: ".", include: ["test/**/*.test.ts"] } },
      ...packages.map((name) => ({ extends: true as const, root: `packages/${name}`, test: { name } })),
    ],
  },
});
