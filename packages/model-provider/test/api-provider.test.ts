import { readFileSync } from "node:fs";
import { isAzureProvider, providerUrl } from "@codex-ts/api";
import { expect, test } from "vitest";
import {
  type ModelProvider,
  type ProviderConfig,
  providerTraits,
  resolveProvider,
  supportsAttestation,
  toApiProvider,
} from "../src/index.js";

interface ProviderVector {
  readonly name: string;
  readonly input: {
    readonly name: string;
    readonly base_url: string;
    readonly path: string | null;
    readonly query_params: Readonly<Record<string, string>> | null;
  };
  readonly expected: { readonly is_azure: boolean; readonly url?: string };
}

const vectors = JSON.parse(readFileSync(new URL("vectors/provider.json", import.meta.url), "utf8")) as {
  readonly cases: readonly ProviderVector[];
};

const find = (id: string, config: ProviderConfig = {}): Promise<ModelProvider> =>
  resolveProvider(id, config, { clientVersion: "1.2.3", environment: {} });
const acme = (table: object): Promise<ModelProvider> =>
  find("acme", { model_providers: { acme: { name: "Acme", ...table } } });

test.each(vectors.cases.map((vector) => [vector.name, vector] as const))(
  "vector %s",
  async (_name, vector) => {
    const { name, base_url, query_params, path } = vector.input;
    const provider = await acme({ name, base_url, query_params });
    const api = toApiProvider(provider, { environment: {} });
    expect(providerTraits(provider).isAzure).toBe(vector.expected.is_azure);
    expect(isAzureProvider(api)).toBe(vector.expected.is_azure);
    if (path !== null) expect(providerUrl(api, path)).toBe(vector.expected.url);
  },
);

const chatgpt = "https://chatgpt.com/backend-api/codex";
const platform = "https://api.openai.com/v1";

test.each([
  ["chatgpt", chatgpt],
  ["chatgptAuthTokens", chatgpt],
  ["agentIdentity", chatgpt],
  ["personalAccessToken", chatgpt],
  ["apikey", platform],
  ["bedrockApiKey", platform],
  ["of next year", platform],
  [undefined, platform],
])("without a base URL, a login of mode %s is for %s", async (mode, baseUrl) => {
  expect(toApiProvider(await find("openai"), { mode }).baseUrl).toBe(baseUrl);
  expect(toApiProvider(await find("openai", { openai_base_url: "" }), { mode }).baseUrl).toBe(baseUrl);
  const configured = await find("openai", { openai_base_url: "http://relay.test" });
  expect(toApiProvider(configured, { mode }).baseUrl).toBe("http://relay.test");
});

test("retries 5xx and lost connections as often as configured, and no 429", async () => {
  expect(toApiProvider(await acme({ request_max_retries: 2, stream_idle_timeout_ms: 7 }))).toMatchObject({
    retry: { maxAttempts: 2, baseDelayMs: 200, on429: false, on5xx: true, onTransport: true },
    streamIdleTimeoutMs: 7,
  });
});

test.each([
  [{}, { "x-fixed": "1", "x-both": "fixed" }],
  [
    { A: " spaced ", B: "variable" },
    { "x-fixed": "1", "X-Variable": " spaced ", "x-both": "variable" },
  ],
  [
    { A: "   ", B: "" },
    { "x-fixed": "1", "x-both": "fixed" },
  ],
])("with the environment %j the headers are %j", async (environment, headers) => {
  const provider = await acme({
    http_headers: { "x-fixed": "1", "x-both": "fixed" },
    env_http_headers: { "X-Variable": "A", "x-both": "B" },
  });
  expect(
    Object.fromEntries(toApiProvider(provider, { environment }).headers as Iterable<[string, string]>),
  ).toEqual(headers);
});

test("OpenAI is told the version, organization and project; Bedrock who calls", async () => {
  const environment = { OPENAI_ORGANIZATION: "org", OPENAI_PROJECT: "proj" };
  const headersOf = async (id: string): Promise<object> =>
    Object.fromEntries(toApiProvider(await find(id), { environment }).headers as Iterable<[string, string]>);
  expect(await headersOf("openai")).toEqual({
    version: "1.2.3",
    "OpenAI-Organization": "org",
    "OpenAI-Project": "proj",
  });
  expect(await headersOf("amazon-bedrock")).toEqual({ "x-amzn-mantle-client-agent": "codex" });
  expect(await headersOf("ollama")).toEqual({});
});

test.each<[string, object, object]>([
  ["OpenAI", {}, { isOpenai: true, supportsRemoteCompaction: true, isAzure: false }],
  ["openai", {}, { isOpenai: false, supportsRemoteCompaction: false }],
  ["Azure", {}, { isAzure: true, supportsRemoteCompaction: true }],
  ["x", { base_url: "https://X.OPENAI.AZURE.com" }, { isAzure: true, supportsRemoteCompaction: true }],
  ["x", { requires_openai_auth: true }, { usesLogin: true }],
  ["x", { requires_openai_auth: true, env_key: "K" }, { usesLogin: false }],
  ["x", { requires_openai_auth: true, experimental_bearer_token: "t" }, { usesLogin: false }],
  ["x", {}, { usesLogin: false, hasTokenCommand: false }],
  ["x", { auth: { command: "c" } }, { usesLogin: false, hasTokenCommand: true }],
  [
    "x",
    {},
    {
      supportsNamespaceTools: true,
      supportsImageGeneration: true,
      supportsWebSearch: true,
      preferredModels: {
        approvalReview: "codex-auto-review",
        memoryExtraction: "gpt-5.4-mini",
        memoryConsolidation: "gpt-5.4",
      },
    },
  ],
])("%s with %j is %j", async (name, table, traits) => {
  expect(providerTraits(await acme({ name, ...table }))).toMatchObject(traits);
});

test("Bedrock makes no images, searches nothing, and has models of its own", async () => {
  expect(providerTraits(await find("amazon-bedrock"))).toMatchObject({
    isBedrock: true,
    usesLogin: false,
    supportsRemoteCompaction: false,
    supportsNamespaceTools: true,
    supportsImageGeneration: false,
    supportsWebSearch: false,
    preferredModels: {
      approvalReview: "openai.gpt-5.4",
      memoryExtraction: "openai.gpt-5.4",
      memoryConsolidation: "openai.gpt-5.4",
    },
  });
});

test.each([
  ["openai", "chatgpt", true],
  ["openai", "chatgptAuthTokens", true],
  ["openai", "personalAccessToken", true],
  ["openai", "agentIdentity", false],
  ["openai", "apikey", false],
  ["openai", undefined, false],
  ["amazon-bedrock", "chatgpt", false],
])("requests to %s with %s attest to a workspace: %s", async (id, mode, expected) => {
  expect(supportsAttestation(await find(id), mode)).toBe(expected);
});
