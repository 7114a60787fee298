import { Secret } from "@codex-ts/client";
import { createTokenCommand } from "@codex-ts/login";
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
