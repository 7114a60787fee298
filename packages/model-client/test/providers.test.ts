import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@codex-ts/client";
import { AuthManager, createTokenCommand, loginWithBedrockApiKey } from "@codex-ts/login";
import { ProviderHeaders } from "@codex-ts/model-provider";
import { startBackend } from "@codex-ts/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createCodex } from "../src/index.js";
import { TestLogin } from "./support/logins.js";
import { posts, readAll, readOutcome, startWorld, testModel } from "./support/world.js";

const http = { supportsWebsockets: false } as const;

test("a key in a variable wins over the login, with the provider's own query and headers", async () => {
  const { backend, client } = await startWorld({
    auth: new TestLogin(),
    environment: { AZURE_KEY: "sk-test" },
    facts: {
      ...http,
      name: "azure",
      envKey: "AZURE_KEY",
      queryParams: { "api-version": "2025-04-01-preview" },
      headers: new ProviderHeaders({ "x-own": "1" }),
    },
  });
  await readAll(client.turn().stream("hello"));
  const [request] = backend.requests;
  expect(request?.query.get("api-version")).toBe("2025-04-01-preview");
  expect(request?.headers).toMatchObject({ authorization: "Bearer sk-test", "x-own": "1" });
  expect(request?.headers).not.toHaveProperty("chatgpt-account-id");
  expect(request?.headers).not.toHaveProperty("content-encoding");
});

test("bodies are compressed for nobody but OpenAI, and only there the model is hinted at", async () => {
  const { backend, client } = await startWorld({
    auth: new TestLogin(),
    facts: { ...http, id: "relay", name: "Relay" },
    network: { env: {}, compressionMinBytes: 1 },
  });
  await readAll(client.turn().stream("hello"));
  expect(backend.requests[0]?.headers).toMatchObject({ "chatgpt-account-id": "account-test" });
  for (const name of ["content-encoding", "x-codex-routing-hint"])
    expect(backend.requests[0]?.headers).not.toHaveProperty(name);
});

test("a literal token of the provider wins over the login", async () => {
  const { backend, client } = await startWorld({
    auth: new TestLogin(),
    facts: { ...http, bearerToken: new Secret("sk-test") },
  });
  await readAll(client.turn().stream("hello"));
  expect(backend.requests[0]?.headers["authorization"]).toBe("Bearer sk-test");
});

test("a command that prints a token is run again after a 401", async () => {
  const script =
    "const fs=require('fs');const f=process.argv[1];const n=fs.existsSync(f)?1:0;fs.writeFileSync(f,'');process.stdout.write(n?'sk-test':'sk-old')";
  const marker = `${process.env["TMPDIR"] ?? "/tmp"}/codex-token-${process.pid}-${Date.now()}`;
  onTestFinished(async () => (await import("node:fs/promises")).rm(marker, { force: true }));
  const { backend, client } = await startWorld({
    facts: {
      ...http,
      requiresOpenaiAuth: false,
      tokenCommand: createTokenCommand({
        command: process.execPath,
        args: ["-e", script, marker],
        timeoutMs: 30_000,
      }),
    },
  });
  expect((await client.turn().stream("hello").result()).text).toBe("hello");
  expect(posts(backend)).toHaveLength(2);
  expect(backend.requests.map(({ headers }) => headers["authorization"])).toEqual([
    "Bearer sk-old",
    "Bearer sk-test",
  ]);
});

test("a Bedrock key of the login says in which region Amazon Bedrock is asked", async () => {
  const home = await mkdtemp(join(tmpdir(), "codex-bedrock-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await loginWithBedrockApiKey({ apiKey: "bedrock-key", region: "us-west-2" }, { home });
  const asked: string[] = [];
  const proxy = createServer((socket) => {
    socket.on("data", (data) => {
      asked.push(data.toString("latin1").split("\r\n", 1)[0] ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    });
    socket.on("error", () => {});
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const client = createCodex({
    auth: () => AuthManager.open({ home, environment: {} }),
    provider: "amazon-bedrock",
    environment: {},
    network: { env: {}, proxy: `http://127.0.0.1:${port}` },
    retryBaseDelayMs: 1,
  });
  onTestFinished(() => client.close());
  const { error } = await readOutcome(client.turn().stream("hello"));
  expect(error).toMatchObject({ name: "UserError" });
  expect(asked[0]).toBe("CONNECT bedrock-mantle.us-west-2.api.aws:443 HTTP/1.1");
});

test("Amazon Bedrock says in its own words that a signature is too old, and nobody else does", async () => {
  const expired = {
    kind: "status",
    status: 401,
    body: '{"message":"Signature expired: 2026"}',
    times: 9,
  } as const;
  const messages: string[] = [];
  for (const name of ["Amazon Bedrock", "Relay"]) {
    const { backend, client } = await startWorld({ facts: { ...http, name, streamMaxRetries: 0 } });
    backend.fault(expired);
    messages.push(String((await readOutcome(client.turn().stream("hello"))).error));
  }
  expect(messages[0]).toContain("Amazon Bedrock rejected the request because its AWS signature has expired");
  expect(messages[0]).toContain("url: ");
  expect(messages[1]).not.toContain("Amazon Bedrock");
});

test("a provider of a configuration is found by its id", async () => {
  const backend = await startBackend();
  onTestFinished(() => backend.close());
  await using codex = createCodex({
    provider: "relay",
    config: {
      model_providers: {
        relay: { name: "Relay", base_url: backend.urls.openai, experimental_bearer_token: "sk-test" },
      },
    },
    model: testModel(),
    environment: {},
  });
  expect((await codex.turn().stream("hello").result()).text).toBe("hello");
  expect(backend.requests).toHaveLength(1);
});

test("a provider that there is not is an error with its name", async () => {
  await using codex = createCodex({ provider: "nowhere", auth: "sk-test", environment: {} });
  const { error } = await readOutcome(codex.turn().stream("hello"));
  expect(error).toMatchObject({ kind: "unsupported_operation", message: expect.stringContaining("nowhere") });
});

test("an unknown model is asked for by the name that was given", async () => {
  const { backend, client } = await startWorld({ model: "future-model-9" });
  await readAll(client.turn().stream("hello"));
  expect(backend.requests.at(-1)?.json()).toMatchObject({
    model: "future-model-9",
    reasoning: null,
    include: [],
  });
});
