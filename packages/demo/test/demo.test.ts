import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

async function demo(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; output: string; errors: string }> {
  const child = spawn(
    process.execPath,
    ["--conditions=@codex-ts/source", "--import", "tsx", "packages/demo/src/main.ts", ...args],
    { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code, output, errors };
}

test("does a signed turn against a backend of its own and shows who signed", async () => {
  const { code, output, errors } = await demo([]);
  expect(errors).toBe("");
  expect(code).toBe(0);
  const agent = /^agent\s+(\S+)$/m.exec(output)?.[1];
  expect(output).toContain(`Your request was signed by agent ${agent}`);
  expect(output).toMatch(/^signed by\s+agent .*, verified by the backend$/m);
  expect(output).toMatch(/^input\s+[█░]+ \d+ tokens$/m);
  expect(output).toMatch(/% used, resets in/);
});

test("opens a sealed task id, and shows the wire without the signature", async () => {
  const { code, output } = await demo(["--sealed", "--verbose", "hello"]);
  expect(code).toBe(0);
  expect(output).toContain("from a sealed box");
  expect(output).toMatch(/► POST http:\/\/127\.0\.0\.1:\d+\/backend-api\/codex\/responses/);
  expect(output).toContain("authorization: [redacted]");
  expect(output).not.toContain("AgentAssertion ");
  expect(output).toContain("◄ completed");
});

test("does the same turn against any endpoint with an API key, and never prints the key", async () => {
  await using backend = await startBackend({ apiKeys: ["sk-demo-secret"] });
  backend.script("from afar");
  const { code, output, errors } = await demo(
    ["--base-url", backend.urls.openai, "--api-key-env", "DEMO_KEY", "--verbose", "hello"],
    { DEMO_KEY: "sk-demo-secret" },
  );
  expect(code).toBe(0);
  expect(output).toContain("from");
  expect(output).toContain("afar");
  expect(output + errors).not.toContain("sk-demo-secret");
  expect(backend.requests.map(({ auth }) => auth)).toEqual([
    { kind: "bearer", credential: "apiKey", accountId: null },
  ]);
});

test.each([
  [["--base-url", "http://127.0.0.1:1"], '"--base-url" needs "--api-key-env"'],
  [
    ["--base-url", "nowhere", "--api-key-env", "DEMO_KEY"],
    '"--base-url" must be an absolute URL, got "nowhere"',
  ],
  [["--base-url", "http://127.0.0.1:1", "--api-key-env", "DEMO_UNSET"], "DEMO_UNSET is not set"],
  [["--colour"], "Unknown option '--colour'"],
])("refuses %j and says what to change", async (args, message) => {
  const { code, errors } = await demo(args, { DEMO_KEY: "sk-demo-secret" });
  expect(code).toBe(2);
  expect(errors).toContain(message);
  expect(errors).toContain("Usage:");
});

test("ends with a clear text when the key is refused", async () => {
  await using backend = await startBackend();
  const { code, errors } = await demo(["--base-url", backend.urls.openai, "--api-key-env", "DEMO_KEY"], {
    DEMO_KEY: "sk-wrong-secret",
  });
  expect(code).toBe(1);
  expect(errors).toContain("401");
  expect(errors).not.toContain("sk-wrong-secret");
});
