import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "tsup";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/connected.js";

const heavy = ["undici", "zod", "eventsource-parser", "ws", "@modelcontextprotocol/sdk"];

/** The bundle stands where no package can be found. */
async function bundleAlone(): Promise<string> {
  const folder = await temporaryFolder();
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
  return join(folder, "bundle.mjs");
}

test("importing the package loads nothing heavy, and connecting without the SDK says what is missing", async () => {
  const bundle = await bundleAlone();
  const script = `
    const { connectCodexApps, codexAppsServer } = await import(${JSON.stringify(pathToFileURL(bundle).href)});
    const login = { mode: "chatgpt", usesCodexBackend: true, account: {}, provider: { addAuthHeaders() {} } };
    const auth = { provider: login.provider, current: async () => login };
    const apps = await connectCodexApps({ transport: {}, auth, server: codexAppsServer() });
    await apps.ready().catch((error) => process.stdout.write(error.kind + ": " + error.message));
    await apps.close();`;

  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);

  expect(stdout).toMatch(/^sdk_missing: .*npm install @modelcontextprotocol\/sdk/);
  // Seen from the other side: it is there, but only where it is needed.
  expect(await readFile(bundle, "utf8")).toContain('import("@modelcontextprotocol/sdk/client/index.js")');
});
