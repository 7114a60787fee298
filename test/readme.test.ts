import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startBackend } from "../packages/testkit/src/index.js";
import { root } from "../scripts/workspace.js";

const examples = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```js\n([\s\S]*?)```/g)].map(
  ([, code = ""], index) => [index + 1, code] as const,
);

test("the README shows a session and a single request", () => {
  expect(examples).toHaveLength(2);
});

test.each(examples)(
  "example %i of the README streams an answer, and its process ends by itself",
  async (number, code) => {
    // In the folder of a package that depends on all that the examples import, so that their names resolve.
    const program = join(root, `packages/model-client/readme-example-${number}.mjs`);
    writeFileSync(program, code);
    onTestFinished(() => rmSync(program, { force: true }));
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
  },
);
