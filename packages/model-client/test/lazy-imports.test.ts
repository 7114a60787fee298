import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "tsup";
import { expect, onTestFinished, test } from "vitest";

const heavy = ["undici", "zod", "eventsource-parser", "ws", "proper-lockfile", "@napi-rs/keyring"];

// The bundle stands where no package can be found, so an import that is not put off would fail.
test("importing the package and making a client load nothing heavy", { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "codex-ts-model-client-"));
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
  const bundle = pathToFileURL(join(folder, "bundle.mjs")).href;
  const run = async (more: string): Promise<string> => {
    const script = `import(${JSON.stringify(bundle)}).then(async ({ createCodex }) => { const codex = createCodex({ auth: "sk-test", retryBaseDelayMs: 1 }); ${more} await codex.close(); process.stdout.write("closed"); })`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);
    return stdout;
  };
  expect(await run("")).toBe("closed");
  // Seen from the other side: they are missed as soon as something is to be sent.
  await expect(run('await codex.turn().stream("hi").result();')).rejects.toThrow(/Cannot find package/);
});
