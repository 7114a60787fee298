import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

function runScript(name: string): Promise<{ stdout: string }> {
  const script = fileURLToPath(new URL(`./support/${name}`, import.meta.url));
  const options = ["--conditions=@codex-ts/source", "--unhandled-rejections=strict", "--import=tsx", script];
  return run(process.execPath, options, {
    timeout: 20_000,
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
  });
}

test("leaving in any way holds no socket and no timer, and the process ends by itself", {
  timeout: 30_000,
}, async () => {
  const { stdout } = await runScript("leave-everything.ts");
  expect(JSON.parse(stdout)).toEqual([]);
});

test("loads undici with the first request, and not before", { timeout: 30_000 }, async () => {
  const { stdout } = await runScript("list-loaded.ts");
  expect(JSON.parse(stdout)).toEqual({ atFirst: 0, usesUndici: true });
});
