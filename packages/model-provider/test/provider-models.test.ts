import { bundledModels } from "@codex-ts/models-manager";
import { expect, test } from "vitest";
import {
  createProviderModels,
  ProviderAuthScope,
  type ProviderAuthScopeOptions,
  type ProviderConfig,
  resolveProvider,
} from "../src/index.js";
import { type Mode, type World, worldOfTest } from "./support/world.js";

async function modelsOf(
  world: World,
  id: string,
  config: ProviderConfig,
  options: ProviderAuthScopeOptions,
): Promise<string[]> {
  const environment = { MY_KEY: "env-secret" };
  const provider = await resolveProvider(id, config, { clientVersion: "1.2.3", environment });
  const scope = new ProviderAuthScope({ environment, ...options });
  await using models = createProviderModels(provider, scope, {
    transport: world.transport,
    clientVersion: "1.2.3",
    bundled: [],
  });
  return (await models.list()).map(({ model: { slug } }) => slug);
}

const fetches = ({ backend }: World) => backend.requests.filter(({ path }) => path.endsWith("/models"));

test.each<[Mode, number]>([
  ["chatgpt", 1],
  ["chatgptAuthTokens", 1],
  ["personalAccessToken", 1],
  ["agentIdentity record", 1],
  ["apikey", 0],
  ["nobody", 0],
  ["bedrockApiKey", 0],
])("with %s OpenAI is asked for its models %i times", async (mode, count) => {
  const world = await worldOfTest();
  const { manager } = await world.signIn(mode);
  const list = await modelsOf(
    world,
    "openai",
    { openai_base_url: world.backend.urls.codex },
    { login: manager },
  );
  expect(fetches(world)).toHaveLength(count);
  expect(list).toHaveLength(count * 2);
});

test("a ChatGPT login asks with its token, also in a session that signs with an Agent Identity", async () => {
  const world = await worldOfTest();
  const { manager, secrets } = await world.signIn("chatgpt");
  const options = { login: manager, agentIdentityPolicy: "ChatGptAuth" } as const;
  await modelsOf(world, "openai", { openai_base_url: world.backend.urls.codex }, options);
  expect(world.backend.requests.map(({ headers }) => headers.authorization)).toEqual([
    `Bearer ${secrets[0]}`,
  ]);
});

const tables = (world: World, table: object): ProviderConfig => ({
  model_providers: { mine: { name: "Mine", base_url: world.backend.urls.openai, ...table } },
});

test.each([
  [{ experimental_bearer_token: "literal" }, "Bearer literal"],
  [{ env_key: "MY_KEY" }, "Bearer env-secret"],
])(
  "a provider with %j is asked with its own token; the login only opens the gate",
  async (table, authorization) => {
    const world = await worldOfTest();
    const { manager } = await world.signIn("chatgpt");
    await modelsOf(world, "mine", tables(world, table), { login: manager });
    expect(fetches(world).map(({ headers }) => headers.authorization)).toEqual([authorization]);
    expect(fetches(world)[0]?.headers).not.toHaveProperty("chatgpt-account-id");

    const { manager: apiKey } = await world.signIn("apikey");
    await modelsOf(world, "mine", tables(world, table), { login: apiKey });
    await modelsOf(world, "mine", tables(world, table), {});
    expect(fetches(world)).toHaveLength(1);
  },
);

test("a provider with a token command is asked with it, whoever is signed in", async () => {
  const world = await worldOfTest();
  const auth = { command: process.execPath, args: ["-p", "'printed'"], timeout_ms: 60_000 };
  const { manager } = await world.signIn("apikey");
  await modelsOf(world, "mine", tables(world, { auth }), { login: manager });
  await modelsOf(world, "mine", tables(world, { auth }), {});
  expect(fetches(world).map(({ headers }) => headers.authorization)).toEqual([
    "Bearer printed",
    "Bearer printed",
  ]);
});

test("a source of API keys closes the gate, although ChatGPT is signed in; one that has none does not", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const config = { openai_base_url: world.backend.urls.codex };
  const refresh = async () => ({ accessToken: "sk-external" });
  manager.setExternalAuth({ mode: "apikey", refresh, resolve: refresh });
  expect(await modelsOf(world, "openai", config, { login: manager })).toEqual([]);
  expect(fetches(world)).toEqual([]);
  manager.setExternalAuth({ mode: "apikey", refresh, resolve: async () => undefined });
  expect(await modelsOf(world, "openai", config, { login: manager })).toHaveLength(2);
});

test("a catalogue stands in for everything, and nothing is asked", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const provider = await resolveProvider("openai", {}, { clientVersion: "1.2.3", environment: {} });
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  const catalog = bundledModels.slice(0, 1);
  const options = { transport: world.transport, clientVersion: "1.2.3" };
  const models = createProviderModels(provider, scope, { ...options, catalog });
  expect(await models.list({ strategy: "online" })).toHaveLength(1);
  expect(() => createProviderModels(provider, scope, { ...options, catalog: [] })).toThrow(TypeError);
  expect(world.backend.requests).toEqual([]);
});

test("a login that fails closes the gate of a provider that it is not sent to", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const login = {
    provider: manager.provider,
    current: async () => {
      throw new Error("down");
    },
  };
  const list = await modelsOf(world, "mine", tables(world, { experimental_bearer_token: "t" }), { login });
  expect(list).toEqual([]);
  expect(world.backend.requests).toEqual([]);
});
