import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("a process that has signed in ends by itself", { timeout: 30_000 }, async () => {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const script = fileURLToPath(new URL("support/sign-in-and-exit.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@codex-ts/source",
    "--import",
    tsx,
    script,
  ]);
  expect(stdout).toBe("chatgpt, 0 timers left");
});
