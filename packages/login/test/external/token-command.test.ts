import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTokenCommand, type TokenCommandOptions } from "../../src/index.js";
import { everythingPrinted } from "../support/printed.js";
import { temporaryHome } from "../support/temporary-home.js";

const signal = new AbortController().signal;

/** A script that counts its runs; `$n` is the number of the run. */
async function script(body: string): Promise<{ path: string; folder: string; runs: () => Promise<number> }> {
  const folder = await temporaryHome();
  const path = join(folder, "token.sh");
  await writeFile(
    path,
    `#!/bin/sh\necho x >> "${folder}/runs"\nn=$(wc -l < "${folder}/runs" | tr -d ' ')\n${body}\n`,
  );
  await chmod(path, 0o755);
  const runs = async (): Promise<number> =>
    (await readFile(join(folder, "runs"), "utf8").catch(() => "")).split("\n").length - 1;
  return { path, folder, runs };
}

test("takes the trimmed output, and runs once for all who ask in time", async () => {
  const { path, runs } = await script('printf "  token-$n \\n\\n"');
  const source = createTokenCommand({ command: path });
  const asked = await Promise.all(Array.from({ length: 10 }, () => source.resolve?.()));
  expect(asked).toEqual(Array.from({ length: 10 }, () => ({ accessToken: "token-1" })));
  expect(await source.resolve?.()).toEqual({ accessToken: "token-1" });
  expect(await runs()).toBe(1);
});

test("runs again after the interval, and at once when the token was refused", async () => {
  const { path } = await script('echo "token-$n"');
  let nowMs = 0;
  const source = createTokenCommand({ command: path, refreshIntervalMs: 1000, monotonicMs: () => nowMs });
  expect(await source.resolve?.()).toEqual({ accessToken: "token-1" });
  nowMs = 999;
  expect(await source.resolve?.()).toEqual({ accessToken: "token-1" });
  nowMs = 1000;
  expect(await source.resolve?.()).toEqual({ accessToken: "token-2" });
  expect(await source.refresh({ reason: "unauthorized", signal })).toEqual({ accessToken: "token-3" });
  expect(await source.resolve?.()).toEqual({ accessToken: "token-3" });
});

test("an interval of 0 keeps the token until it is refused", async () => {
  const { path } = await script('echo "token-$n"');
  let nowMs = 0;
  const source = createTokenCommand({ command: path, refreshIntervalMs: 0, monotonicMs: () => nowMs });
  await source.resolve?.();
  nowMs = 1e9;
  expect(await source.resolve?.()).toEqual({ accessToken: "token-1" });
});

test("a run that failed is not remembered", async () => {
  const { path } = await script('[ "$n" = 1 ] && exit 3\necho "token-$n"');
  const source = createTokenCommand({ command: path });
  await expect(source.resolve?.()).rejects.toMatchObject({ kind: "token_command" });
  expect(await source.resolve?.()).toEqual({ accessToken: "token-2" });
});

test("passes arguments, works in its folder, and finds programs in three ways", async () => {
  const { folder, path } = await script('echo "$1 $(pwd)"');
  const expected = { accessToken: `a b ${folder}` };
  const args = ["a b"];
  expect(await createTokenCommand({ command: "./token.sh", args, cwd: folder }).resolve?.()).toEqual(
    expected,
  );
  expect(await createTokenCommand({ command: path, args, cwd: folder }).resolve?.()).toEqual(expected);
  const byName = createTokenCommand({ command: "sh", args: ["-c", "pwd"], cwd: folder });
  expect(await byName.resolve?.()).toEqual({ accessToken: folder });
});

test.each<[string, string, Partial<TokenCommandOptions>, string]>([
  [
    "ends with an error",
    "echo secret-out; echo secret-err >&2; exit 7",
    {},
    "exited with status exit status: 7",
  ],
  ["is killed", "kill -9 $$", {}, "exited with status signal: SIGKILL"],
  ["prints nothing", "echo ' '", {}, "produced an empty token"],
  ["prints no UTF-8", "printf '\\377\\376'", {}, "wrote non-UTF-8 data to stdout"],
  ["prints too much", "head -c 2000000 /dev/zero | tr '\\0' s", {}, "printed more than a token"],
  ["takes too long", "echo secret-out; sleep 5", { timeoutMs: 50 }, "timed out after 50 ms"],
])("a command that %s is an error that shows nothing it printed", async (_name, body, options, text) => {
  const { path } = await script(body);
  const source = createTokenCommand({ command: path, args: ["secret-argument"], ...options });
  const error = await source.resolve?.().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "LoginError", kind: "token_command", retryable: true });
  expect((error as Error).message).toBe(
    `provider auth command \`${path}\` ${text}; run it by hand to see what it says`,
  );
  expect(everythingPrinted(error)).not.toContain("secret-");
});

test("a command that is not there is an error", async () => {
  const source = createTokenCommand({ command: "/nowhere/token", args: ["secret-argument"] });
  const error = await source.resolve?.().catch((caught: unknown) => caught);
  expect((error as Error).message).toContain("`/nowhere/token` failed to start: ENOENT");
  expect(everythingPrinted(error)).not.toContain("secret-");
});

test.each<[string, TokenCommandOptions]>([
  ['"command" must not be empty', { command: " " }],
  ['"timeoutMs" must be a positive number', { command: "x", timeoutMs: 0 }],
  ['"refreshIntervalMs" must not be negative', { command: "x", refreshIntervalMs: -1 }],
])("refuses options: %s", (message, options) => {
  expect(() => createTokenCommand(options)).toThrow(new TypeError(message));
});
