import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";

test("a process that has used a client in every way ends by itself", async () => {
  await using backend = await startBackend();
  const script = fileURLToPath(new URL("./support/use-everything-and-exit.ts", import.meta.url));
  // What is left behind would keep it for ten minutes.
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@codex-ts/source", "--import", "tsx", script, backend.urls.openai],
    { timeout: 50_000 },
  );
  expect([stdout, stderr]).toEqual(["used", ""]);
});
