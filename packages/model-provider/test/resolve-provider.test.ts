import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
  builtInProviders,
  checkProviderTable,
  isModelProviderError,
  type ModelProvider,
  type ProviderConfig,
  readProviders,
  resolveProvider,
  toApiProvider,
} from "../src/index.js";

const options = { clientVersion: "1.2.3", environment: {} };
const find = (id: string | undefined, config: ProviderConfig = {}): Promise<ModelProvider> =>
  resolveProvider(id, config, options);
const acme = (table: object): Promise<ModelProvider> =>
  find("acme", { model_providers: { acme: { name: "Acme", ...table } } });

const moreInfo = "\nMore info: https://github.com/openai/codex/discussions/7782";

test("there are four providers without any configuration", () => {
  const providers = builtInProviders({ clientVersion: "1.2.3", environment: {} });
  expect(
    [...providers].map(([id, provider]) => [
      id,
      provider.name,
      provider.baseUrl,
      provider.requiresOpenaiAuth,
    ]),
  ).toEqual([
    ["openai", "OpenAI", undefined, true],
    ["amazon-bedrock", "Amazon Bedrock", "https://bedrock-mantle.us-east-1.api.aws/openai/v1", false],
    ["ollama", "gpt-oss", "http://localhost:11434/v1", false],
    ["lmstudio", "gpt-oss", "http://localhost:1234/v1", false],
  ]);
  expect(
    [...providers.values()].filter(({ supportsWebsockets }) => supportsWebsockets).map(({ id }) => id),
  ).toEqual(["openai"]);
});

test("without an id it is the configured one, else openai", async () => {
  expect((await find(undefined)).id).toBe("openai");
  expect((await find(undefined, { model_provider: "lmstudio" })).id).toBe("lmstudio");
  expect((await find("ollama", { model_provider: "lmstudio" })).id).toBe("ollama");
});

test("what a table does not say has its default", async () => {
  expect(await acme({})).toMatchObject({
    requestMaxRetries: 4,
    streamMaxRetries: 5,
    streamIdleTimeoutMs: 300_000,
    websocketConnectTimeoutMs: 15_000,
    requiresOpenaiAuth: false,
    supportsWebsockets: false,
  });
});

test("retries are at most a hundred, and time limits are taken as they are", async () => {
  expect(
    await acme({
      request_max_retries: 101,
      stream_max_retries: 4_000_000,
      stream_idle_timeout_ms: 0,
      websocket_connect_timeout_ms: 10_000_000,
    }),
  ).toMatchObject({
    requestMaxRetries: 100,
    streamMaxRetries: 100,
    streamIdleTimeoutMs: 0,
    websocketConnectTimeoutMs: 10_000_000,
  });
});

test("a table becomes a provider", async () => {
  const provider = await acme({
    base_url: "https://acme.test/v1",
    env_key: "ACME_KEY",
    env_key_instructions: "Ask Road Runner.",
    wire_api: "responses",
    query_params: { "api-version": "2025-04-01" },
    supports_websockets: true,
    of_next_year: 1,
  });
  expect(provider).toMatchObject({
    id: "acme",
    name: "Acme",
    baseUrl: "https://acme.test/v1",
    envKey: "ACME_KEY",
    envKeyInstructions: "Ask Road Runner.",
    queryParams: { "api-version": "2025-04-01" },
    supportsWebsockets: true,
  });
});

test.each(["acme", "__proto__", "constructor", "OpenAI"])("%s is not found", async (id) => {
  await expect(find(id)).rejects.toMatchObject({
    kind: "unknown_provider",
    providerId: id,
    message: `Model provider \`${id}\` not found`,
  });
});

test("a provider that is no more says what took its place", async () => {
  await expect(find("ollama-chat")).rejects.toMatchObject({
    kind: "unknown_provider",
    message: `\`ollama-chat\` is no longer supported.
How to fix: replace \`ollama-chat\` with \`ollama\` in \`model_provider\`, \`oss_provider\`, or \`--local-provider\`.${moreInfo}`,
  });
});

test.each<[string, object, string]>([
  [
    "reserved ids",
    { openai: {}, mine: {}, lmstudio: {}, ollama: {} },
    "model_providers contains reserved built-in provider IDs: `lmstudio`, `ollama`, `openai`. Built-in providers cannot " +
      "be overridden. Rename your custom provider (for example, `openai-custom`).",
  ],
  [
    "aws elsewhere",
    { acme: { aws: {} } },
    "model_providers.acme: provider aws is only supported for `amazon-bedrock`",
  ],
  ["no name", { acme: {} }, "model_providers.acme: provider name must not be empty"],
  ["a blank name", { acme: { name: " \t" } }, "model_providers.acme: provider name must not be empty"],
  [
    "a blank command",
    { acme: { name: "A", auth: { command: " " } } },
    "model_providers.acme: provider auth.command must not be empty",
  ],
  [
    "a command and more",
    {
      acme: {
        name: "A",
        auth: { command: "c" },
        requires_openai_auth: true,
        experimental_bearer_token: "t",
        env_key: "K",
      },
    },
    "model_providers.acme: provider auth cannot be combined with env_key, experimental_bearer_token, requires_openai_auth",
  ],
  [
    "the old protocol",
    { acme: { name: "A", wire_api: "chat" } },
    `\`wire_api = "chat"\` is no longer supported.\nHow to fix: set \`wire_api = "responses"\` in your provider config.${moreInfo}`,
  ],
  [
    "a wrong member",
    { acme: { name: "A", http_headers: { "x-a": 1 } } },
    "model_providers.acme.http_headers.x-a: ",
  ],
  ["an unknown protocol", { acme: { name: "A", wire_api: "grpc" } }, "model_providers.acme.wire_api: "],
  ["no table", { acme: "A" }, "model_providers.acme: "],
  [
    "another name of Bedrock",
    { "amazon-bedrock": { name: "Bedrock" } },
    "model_providers.amazon-bedrock only supports changing `aws.profile` and `aws.region`; other non-default provider fields are not supported",
  ],
  [
    "retries of Bedrock",
    { "amazon-bedrock": { request_max_retries: 4 } },
    "model_providers.amazon-bedrock only supports changing",
  ],
  [
    "a login for Bedrock",
    { "amazon-bedrock": { aws: {}, requires_openai_auth: true } },
    "model_providers.amazon-bedrock only supports changing",
  ],
])("refuses tables with %s", async (_name, model_providers, message) => {
  const error = await find("openai", { model_providers }).catch((caught: unknown) => caught);
  expect(isModelProviderError(error) && error.kind).toBe("configuration");
  expect(error).toMatchObject({ message: expect.stringContaining(message) });
});

test.each<[ProviderConfig, string]>([
  [{ model_providers: [] }, "model_providers: Expected a table"],
  [{ model_providers: "acme" }, "model_providers: Expected a table"],
  [{ model_provider: 1 }, "model_provider: Expected a text"],
  [{ openai_base_url: {} }, "openai_base_url: Expected a text"],
])("refuses the configuration %j", async (config, message) => {
  await expect(find(undefined, config)).rejects.toMatchObject({ kind: "configuration", message });
});

test.each<[object, string | undefined]>([
  [
    { aws: {}, supports_websockets: true, env_key: "K" },
    "provider aws cannot be combined with supports_websockets",
  ],
  [{ aws: {}, env_key: "K" }, "provider aws cannot be combined with env_key"],
  [
    {
      aws: {},
      requires_openai_auth: true,
      auth: { command: "" },
      experimental_bearer_token: "t",
      env_key: "K",
    },
    "provider aws cannot be combined with env_key, experimental_bearer_token, auth, requires_openai_auth",
  ],
  [{ auth: { command: "" }, env_key: "K" }, "provider auth.command must not be empty"],
  [{ auth: { command: "c" }, env_key: "K" }, "provider auth cannot be combined with env_key"],
  [{ wire_api: "chat" }, '`wire_api = "chat"` is no longer supported.'],
  [{ base_url: 1 }, "provider.base_url: "],
  [{ aws: { region: "us-east-1" } }, undefined],
  [{ auth: { command: "c" } }, undefined],
  [{ env_key: "K", experimental_bearer_token: "t", requires_openai_auth: true }, undefined],
])("checks the table %j by itself", async (table, message) => {
  const problem = await checkProviderTable(table).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (message === undefined) expect(problem).toBeUndefined();
  else expect(problem).toMatchObject({ kind: "configuration", message: expect.stringContaining(message) });
});

test("Bedrock takes a profile and a region, each by itself, and a table that says nothing", async () => {
  const bedrock = (table: object): Promise<ModelProvider> =>
    find("amazon-bedrock", { model_providers: { "amazon-bedrock": table } });
  expect((await bedrock({ aws: { region: "eu-west-1" } })).aws).toEqual({ region: "eu-west-1" });
  expect((await bedrock({ aws: { profile: "work" } })).aws).toEqual({ profile: "work" });
  expect((await bedrock({ requires_openai_auth: false })).aws).toEqual({});
});

test("a refused value is not shown: it may be a key", async () => {
  const error = await acme({
    experimental_bearer_token: ["secret-token"],
    http_headers: { a: ["secret-token"] },
  }).catch((caught: unknown) => caught);
  expect(inspect(error, { depth: 9 })).not.toContain("secret-token");
});

test("a provider prints without its secrets", async () => {
  const environment = { VARIABLE: "secret-of-variable" };
  const provider = await acme({
    experimental_bearer_token: "secret-token",
    http_headers: { "api-key": "secret-header" },
    env_http_headers: { "x-key": "VARIABLE" },
  });
  const commanded = await acme({ auth: { command: "c", args: ["secret-argument"] } });
  const printed = [provider, commanded, toApiProvider(provider, { environment })]
    .map((value) => inspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value))
    .join();
  expect(printed).not.toMatch(/secret-/);
});

test.each([
  [{}, "http://localhost:11434/v1"],
  [{ CODEX_OSS_PORT: "8080" }, "http://localhost:8080/v1"],
  [{ CODEX_OSS_PORT: "65535" }, "http://localhost:65535/v1"],
  [{ CODEX_OSS_PORT: "65536" }, "http://localhost:11434/v1"],
  [{ CODEX_OSS_PORT: "-1" }, "http://localhost:11434/v1"],
  [{ CODEX_OSS_PORT: " " }, "http://localhost:11434/v1"],
  [{ CODEX_OSS_BASE_URL: "http://box.test/api", CODEX_OSS_PORT: "8080" }, "http://box.test/api"],
  [{ CODEX_OSS_BASE_URL: "  ", CODEX_OSS_PORT: "8080" }, "http://localhost:8080/v1"],
  [{ OPENAI_BASE_URL: "http://box.test" }, "http://localhost:11434/v1"],
])("with %j ollama is at %s", async (environment, baseUrl) => {
  expect((await resolveProvider("ollama", {}, { ...options, environment })).baseUrl).toBe(baseUrl);
});

test("by default the variables of the process are read", async () => {
  process.env["CODEX_OSS_PORT"] = "4711";
  try {
    const providers = await readProviders({}, { clientVersion: "1.2.3" });
    expect(providers.get("lmstudio")?.baseUrl).toBe("http://localhost:4711/v1");
  } finally {
    delete process.env["CODEX_OSS_PORT"];
  }
});
