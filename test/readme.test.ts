import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { startBackend } from "../packages/testkit/src/index.js";
import { root } from "../scripts/workspace.js";

// In the folder of a package that depends on all others, so that their names resolve.
const program = join(root, "packages/demo/readme-example.mjs");

afterEach(() => rmSync(program, { force: true }));

test("the ten lines of the README stream an answer, and the process ends by itself", async () => {
  const [, code = ""] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  writeFileSync(program, code);
  await using backend = await startBackend({ apiKeys: ["sk-readme"] });
  backend.script("Hello from the README.");

  const child = spawn(process.execPath, ["--conditions=@codex-ts/source", "--import", "tsx", program], {
    cwd: root,
    env: { ...process.env, OPENAI_API_KEY: "sk-readme", OPENAI_BASE_URL: backend.urls.openai },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, "exit")]);

  expect(output).toBe("Hello from the README.");
  expect(exitCode).toBe(0);
});
