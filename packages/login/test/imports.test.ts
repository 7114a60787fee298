import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("importing the package loads no lock, no HTTP stack, no schema library and no keyring", () => {
  const program = `
    const before = process.listenerCount("SIGTERM");
    await import("./packages/login/src/index.ts");
    const { createRequire } = await import("node:module");
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify({ loaded, signals: process.listenerCount("SIGTERM") - before }));`;
  const printed = execFileSync(
    process.execPath,
    ["--conditions=@codex-ts/source", "--import", "tsx", "--input-type=module", "--eval", program],
    { cwd: root, encoding: "utf8" },
  );
  const { loaded, signals } = JSON.parse(printed) as { loaded: string[]; signals: number };
  const heavy = /node_modules\/(?:proper-lockfile|graceful-fs|undici|zod|jose|@napi-rs)\//;
  expect(loaded.filter((path) => heavy.test(path))).toEqual([]);
  expect(signals).toBe(0);
});
