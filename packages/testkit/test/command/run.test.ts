import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { runCommand } from "../../src/command/run.js";
import type { AgentRecord, Backend, BackendUrls } from "../../src/index.js";
import { assertion, envelope, signAs, timestamp } from "../support/agent.js";
import { postResponses, turn } from "../support/post.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "testkit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly stdout: string[];
  readonly stderr: string[];
  readonly exitCode: Promise<number>;
  /** Resolves with the first piece of output. */
  readonly started: Promise<string>;
  stop(): void;
}

function run(...args: string[]): Run {
  const stop = new AbortController();
  const stdout: string[] = [];
  const stderr: string[] = [];
  let announce = (_text: string): void => {};
  const started = new Promise<string>((resolve) => {
    announce = resolve;
  });
  const exitCode = runCommand(args, {
    stdout: (text) => {
      stdout.push(text);
      announce(text);
    },
    stderr: (text) => stderr.push(text),
    signal: stop.signal,
  });
  return { stdout, stderr, exitCode, started, stop: () => stop.abort() };
}

async function urlsOf({ started }: Run): Promise<BackendUrls> {
  return (JSON.parse(await started) as { urls: BackendUrls }).urls;
}

test("says how to point clients at it, until it is stopped", async () => {
  const command = run("--agent-out", join(folder, "auth.json"));
  const text = await command.started;
  const origin = /at (http:\/\/127\.0\.0\.1:\d+)$/m.exec(text)?.[1];
  expect(text).toContain(`CODEX_API_KEY=sk-test codex exec -c 'openai_base_url="${origin}/v1"'`);
  expect(text).toContain(`CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL=${origin}/api/accounts`);
  expect(text).toContain(`CODEX_AGENT_IDENTITY_JWKS_BASE_URL=${origin}/backend-api`);
  command.stop();
  expect(await command.exitCode).toBe(0);
  await expect(fetch(String(origin))).rejects.toThrow();
});

test("does not repeat a key that it was given", async () => {
  const command = run("--api-key", "sk-secret", "--verbose", "--json");
  const urls = await urlsOf(command);
  const headers = { authorization: "Bearer sk-secret", "x-shown": "yes" };
  await (await postResponses({ urls } as Backend, turn("x"), { headers })).text();
  command.stop();
  await command.exitCode;
  const text = command.stdout.join("");
  expect(text).not.toContain("sk-secret");
  expect(text).toContain('"authorization":"Bearer [redacted]"');
  expect(JSON.parse(command.stdout[1] ?? "")).toMatchObject({
    event: "exchange",
    method: "POST",
    path: "/v1/responses",
    status: 200,
    auth: "apiKey",
    outcome: "answered",
  });
});

test("does not repeat it as text either", async () => {
  const command = run("--api-key", "sk-secret", "--verbose");
  const text = await command.started;
  const origin = /at (http:\S+)$/m.exec(text)?.[1];
  const headers = { authorization: "Bearer sk-secret" };
  await (await postResponses({ urls: { openai: `${origin}/v1` } } as Backend, turn("x"), { headers })).text();
  command.stop();
  await command.exitCode;
  expect(command.stdout[1]).toMatch(/^POST \/v1\/responses 200 apiKey \d+ B answered\n/);
  expect(command.stdout[1]).toContain("    authorization: Bearer [redacted]\n");
  expect(command.stdout.join("")).not.toContain("sk-secret");
});

test("writes an identity that the backend knows, for its owner only", async () => {
  const file = join(folder, "new", "auth.json");
  const command = run("--agent-out", file, "--sealed", "--json");
  const urls = await urlsOf(command);
  const auth = JSON.parse(readFileSync(file, "utf8")) as { agent_identity: AgentRecord };
  expect(auth).toMatchObject({ auth_mode: "agentIdentity", OPENAI_API_KEY: null });
  expect(auth.agent_identity).not.toHaveProperty("task_id");
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const { agent_runtime_id } = auth.agent_identity;
  const at = timestamp();
  const task = await fetch(`${urls.authApi}/v1/agent/${agent_runtime_id}/task/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      timestamp: at,
      signature: signAs(auth.agent_identity, `${agent_runtime_id}:${at}`),
    }),
  });
  expect(await task.json()).toEqual({ encrypted_task_id: expect.any(String) });
  const unknownTask = assertion(envelope({ ...auth.agent_identity, task_id: "task-x" }));
  expect(
    (await postResponses({ urls } as Backend, turn("x"), { headers: { authorization: unknownTask } })).status,
  ).toBe(401);
  command.stop();
  expect(await command.exitCode).toBe(0);
});

test("tightens the mode of a file that was there, and leaves no other behind", async () => {
  const file = join(folder, "auth.json");
  writeFileSync(file, "{}");
  chmodSync(file, 0o644);
  const command = run("--agent-out", file, "--json");
  await command.started;
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["auth.json"]);
  command.stop();
  await command.exitCode;
});

test("ends with 1 and its reason when it cannot start", async () => {
  const first = run("--json");
  const { port } = new URL((await urlsOf(first)).origin);
  const second = run("--port", port);
  expect(await second.exitCode).toBe(1);
  expect(second.stderr.join("")).toMatch(/^codex-testkit: listen EADDRINUSE/);
  first.stop();
  await first.exitCode;
});

test("ends with 1 when it cannot write the identity, and leaves nothing behind", async () => {
  const target = join(folder, "auth.json");
  mkdirSync(target);
  const command = run("--agent-out", target);
  expect(await command.exitCode).toBe(1);
  expect(command.stdout).toEqual([]);
  expect(readdirSync(folder)).toEqual(["auth.json"]);
});

test("ends with 2 for wrong arguments", async () => {
  const command = run("--prot", "1");
  expect(await command.exitCode).toBe(2);
  expect(command.stderr.join("")).toMatch(/^codex-testkit: Unknown option '--prot'/);
});

test("shows its options and ends", async () => {
  const command = run("--help");
  expect(await command.exitCode).toBe(0);
  expect(command.stdout.join("")).toContain("--agent-out FILE");
});

test.each([[426], [401]])(
  "refuses upgrades with %i when it is to speak HTTP only, and only then",
  async (status) => {
    const command = run("--json", ...(status === 426 ? ["--http-only"] : []));
    const { openai } = await urlsOf(command);
    const webSocket = new WebSocket(`${openai.replace("http", "ws")}/responses`);
    webSocket.on("error", () => {});
    const refused = await new Promise((resolve) =>
      webSocket.once("unexpected-response", (_request, response) => resolve(response.statusCode)),
    );
    webSocket.terminate();
    command.stop();
    expect([refused, await command.exitCode]).toEqual([status, 0]);
  },
);
