import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { onTestFinished } from "vitest";

/** Turns a program of test/children into one plain file, so that many of them start quickly. */
export async function bundleChild(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-ts-cloud-requirements-child-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await build({
    entry: { [name]: fileURLToPath(new URL(`../children/${name}.ts`, import.meta.url)) },
    config: false,
    format: "cjs",
    outDir: folder,
    noExternal: [/.*/],
    splitting: false,
    silent: true,
    target: "node20",
    esbuildOptions(options) {
      options.conditions = ["@codex-ts/source"];
    },
  });
  return join(folder, `${name}.cjs`);
}
