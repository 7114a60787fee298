import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/temporary-folder.js";

const moments = [
  "at once",
  "while enrolling",
  "in the handshake",
  "in a pause",
  "waiting for a login",
  "waiting for a name",
  "connected",
  "in the middle of a message",
  "while somebody waits to send",
  "while a client is not read",
  "while switching on",
  "with a backend that does not answer the close",
];

test("closing at any moment leaves no socket, timer or handle, and the process ends by itself", async () => {
  const script = fileURLToPath(new URL("./support/leave-everything.ts", import.meta.url));
  const child = promisify(execFile)(
    process.execPath,
    [
      "--conditions=@codex-ts/source",
      "--unhandled-rejections=strict",
      "--import=tsx",
      script,
      await temporaryFolder(),
    ],
    { timeout: 50_000, cwd: fileURLToPath(new URL("../../..", import.meta.url)) },
  );
  const { stdout, stderr } = await child;
  const left = JSON.parse(stdout) as Record<string, readonly string[]>;
  expect(Object.keys(left)).toEqual(moments);
  expect(left).toEqual(Object.fromEntries(moments.map((moment) => [moment, []])));
  expect(stderr).toBe("");
});
