import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "tsup";
import { expect, onTestFinished, test } from "vitest";

const heavy = ["undici", "zod", "eventsource-parser", "ws"];

// The bundle stands where no package can be found, so an import that is not put off would fail.
test("importing the package loads nothing heavy", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codex-ts-remote-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await build({
    config: false,
    silent: true,
    clean: false,
    entry: { bundle: fileURLToPath(new URL("../src/index.ts", import.meta.url)) },
    outDir: folder,
    outExtension: () => ({ js: ".mjs" }),
    format: ["esm"],
    target: "node20",
    noExternal: [/^@codex-ts\//],
    external: heavy,
    esbuildOptions(options) {
      options.conditions = ["@codex-ts/source"];
    },
  });
  const bundle = join(folder, "bundle.mjs");

  const script = `import(${JSON.stringify(pathToFileURL(bundle).href)}).then((api) => process.stdout.write(typeof api.startRemoteControl))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);

  expect(stdout).toBe("function");
  // Seen from the other side: they are there, but only where they are needed.
  expect(await readFile(bundle, "utf8")).toMatch(/import\("\.\/schemas-/);
});
