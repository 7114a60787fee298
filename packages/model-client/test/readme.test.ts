import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FunctionCallItem, ResponseItem } from "@codex-ts/protocol";
import { startBackend } from "@codex-ts/testkit";
import { expect, onTestFinished, test } from "vitest";
import { startWorld } from "./support/world.js";

test("README example: the first stream, as it is written, in a program of its own", async () => {
  await using backend = await startBackend();
  backend.script("Hello there.");
  const folder = await mkdtemp(join(tmpdir(), "codex-first-stream-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // The login of the machine, which is a key here; the address of the test backend is all that is added.
  await writeFile(join(folder, "auth.json"), JSON.stringify({ OPENAI_API_KEY: "sk-test" }), { mode: 0o600 });
  const [first = ""] = examples();
  const own = first
    .replace('"@codex-ts/model-client"', JSON.stringify(new URL("../src/index.ts", import.meta.url).href))
    .replace("createCodex()", `createCodex({ baseUrl: ${JSON.stringify(backend.urls.openai)} })`);
  await writeFile(join(folder, "first.mts"), own);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@codex-ts/source", "--import", import.meta.resolve("tsx"), join(folder, "first.mts")],
    { env: { PATH: process.env["PATH"], CODEX_HOME: folder }, timeout: 50_000 },
  );
  expect(stdout).toBe("Hello there.");
});

test("README example: an agent that answers calls, as it is written", async () => {
  const { backend, client: codex } = await startWorld();
  const call = { type: "function_call", name: "ls", arguments: "{}", call_id: "call_1" };
  backend.script({ items: [call] }, "One file.");
  const tools = [{ type: "function", name: "ls" }];
  const instructions = "Be brief.";
  const run = async ({ name }: FunctionCallItem): Promise<string> => `${name}: a.txt`;
  const userMessage = (text: string): ResponseItem => ({
    type: "message",
    role: "user",
    content: [{ type: "input_text", text }],
  });

  const answer = async (): Promise<string> => {
    const input: ResponseItem[] = [userMessage("What is in this folder?")];
    const turn = codex.turn({ effort: "low" });
    for (;;) {
      const { items, text, endTurn } = await turn.stream({ input, tools, instructions }).result();
      input.push(...items);
      const calls = items.filter((item) => item.type === "function_call");
      if (calls.length === 0 && endTurn !== false) return text;
      for (const call of calls)
        input.push({ type: "function_call_output", call_id: call.call_id, output: await run(call) });
    }
  };

  expect(await answer()).toBe("One file.");
});

test("the examples of the README are those that are run here", () => {
  const self = compressed(readFileSync(new URL(import.meta.url), "utf8"));
  const [, ...others] = examples();
  expect(others.length).toBeGreaterThan(0);
  for (const code of others) expect(self).toContain(compressed(code));
});

test("the first stream takes five lines", () => {
  const lines = (examples()[0] ?? "").split("\n").filter((line) => line.trim() !== "" && line.trim() !== "}");
  expect(lines.length).toBeLessThanOrEqual(5);
});

function examples(): string[] {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  return [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
}

/** The formatter breaks lines of this file as it does not those of the README. */
function compressed(code: string): string {
  return code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([({[\])}]) ?/g, "$1")
    .replaceAll(/,(?=[)}\]])/g, "")
    .trim();
}
