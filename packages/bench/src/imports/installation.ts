import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a user gets from `npm install`. */
export interface Installation {
  readonly folder: string;
  /** Packages in node_modules, at any depth. */
  readonly packages: number;
  /** Bytes of all their files. */
  readonly bytes: number;
  remove(): void;
}

/** Installs into a fresh folder outside the workspace. */
export function install(specifiers: readonly string[]): Installation {
  const folder = mkdtempSync(join(tmpdir(), "codex-ts-bench-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const { status, stdout, stderr } = spawnSync(
    "npm",
    ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error", ...specifiers],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) {
    remove();
    throw new Error(`npm install ${specifiers.join(" ")} failed\n${stdout}${stderr}`);
  }
  const modules = join(folder, "node_modules");
  return { folder, packages: countPackages(modules), bytes: bytesBelow(modules), remove };
}

function countPackages(modules: string): number {
  return readdirSync(modules, { recursive: true, withFileTypes: true }).filter(
    (entry) =>
      entry.name === "package.json" && /node_modules\/(?:@[^/]+\/)?[^/@.][^/]*$/.test(entry.parentPath),
  ).length;
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
