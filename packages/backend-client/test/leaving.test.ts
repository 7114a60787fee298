import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";

test("a process whose calls ended in every way ends by itself", async () => {
  await using backend = await startBackend();
  const script = fileURLToPath(new URL("./support/call-and-exit.ts", import.meta.url));

  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@codex-ts/source", "--import", "tsx", script, backend.urls.chatgpt],
    { timeout: 30_000 },
  );

  expect([stdout, stderr]).toEqual(["left", ""]);
  expect(backend.requests.length).toBeGreaterThan(20);
}, 40_000);
