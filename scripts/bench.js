// Builds our packages, installs the peers beside them and runs the benches on the newest Node, which the peers need:
// pnpm bench [name…] [--json FILE] [--quick]
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./workspace.js";

const newestNode = "node@26.10.0";
const peers = join(root, "packages/bench/peers");
const args = process.argv.slice(2);
const { positionals: names } = parseArgs({
  args,
  allowPositionals: true,
  options: { json: { type: "string" }, quick: { type: "boolean" } },
});

// Import time and size are those of the packed tarballs; all else needs only what is built.
const tasks =
  names.length === 0 || names.includes("import")
    ? ["check:package"]
    : ["build", "--filter=@codex-ts/bench^..."];
run(root, "npx", ["-y", "pnpm@10.34.9", "exec", "turbo", "run", ...tasks, "--output-logs=errors-only"]);
if (!peersAreInstalled()) {
  // No lockfile, which would name a registry: the peers' own versions are exact. They run on the newest Node, not on
  // the one that installs them.
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  run(peers, "npm", ["install", "--no-package-lock", "--engine-strict=false", ...quiet]);
}
run(root, "npx", ["-y", newestNode, join(root, "packages/bench/src/main.ts"), ...args]);

function peersAreInstalled() {
  const { dependencies } = readJson(join(peers, "package.json"));
  return Object.entries(dependencies).every(([name, version]) => {
    const manifest = join(peers, "node_modules", name, "package.json");
    return existsSync(manifest) && readJson(manifest).version === version;
  });
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function run(cwd, command, commandArgs) {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
  const { status } = spawnSync(command, commandArgs, { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}
