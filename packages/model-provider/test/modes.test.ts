import { expect, test } from "vitest";
import {
  type ModelProvider,
  ProviderAuthScope,
  type ProviderConfig,
  resolveProvider,
  resolveProviderAuth,
} from "../src/index.js";
import { writeAuth } from "./support/home.js";
import { everythingReceived, send } from "./support/send.js";
import { type Mode, modes, type World, worldOfTest } from "./support/world.js";

const clientVersion = "1.2.3";
const environment = { MY_KEY: "env-secret" };

/** Providers that get the login, each with a way to configure it for a backend. */
const askers: Readonly<Record<string, (world: World) => readonly [string, ProviderConfig]>> = {
  "the built-in openai": ({ backend }) => ["openai", { openai_base_url: backend.urls.codex }],
  "a custom one that asks for it": ({ backend }) => [
    "relay",
    {
      model_providers: { relay: { name: "Relay", base_url: backend.urls.codex, requires_openai_auth: true } },
    },
  ],
};

/** Providers that do not, and what they get in its place. */
const strangers: Readonly<Record<string, readonly [table: object, authorization: string | undefined]>> = {
  "an environment variable": [{ env_key: "MY_KEY" }, "Bearer env-secret"],
  "an environment variable that also asks for the login": [
    { env_key: "MY_KEY", requires_openai_auth: true },
    "Bearer env-secret",
  ],
  "a literal token": [{ experimental_bearer_token: "literal" }, "Bearer literal"],
  "a token command": [
    { auth: { command: process.execPath, args: ["-p", "'printed'"], timeout_ms: 60_000 } },
    "Bearer printed",
  ],
  "no credential at all": [{}, undefined],
};

async function openProvider(id: string, config: ProviderConfig): Promise<ModelProvider> {
  return await resolveProvider(id, config, { clientVersion, environment });
}

const expected: Readonly<Record<Mode, object | undefined>> = {
  nobody: undefined,
  bedrockApiKey: undefined,
  apikey: { kind: "bearer", credential: "apiKey" },
  chatgpt: { scheme: "Bearer", account: "account-test" },
  chatgptAuthTokens: { scheme: "Bearer", account: "account-test" },
  personalAccessToken: { scheme: "Bearer", account: "account-test" },
  "agentIdentity record": { kind: "agentAssertion" },
  "agentIdentity JWT": { kind: "agentAssertion" },
};

const rows = Object.keys(askers).flatMap((asker) =>
  modes.filter((mode) => expected[mode] !== undefined).map((mode) => [mode, asker] as const),
);

test.each(rows)("%s goes to %s", async (mode, asker) => {
  const world = await worldOfTest();
  const { manager, secrets } = await world.signIn(mode);
  const provider = await openProvider(...(askers[asker] as (typeof askers)[string])(world));
  const scope = new ProviderAuthScope({ login: manager, environment });
  const { headers, auth } = await send(world, provider, scope);

  const signedIn = await manager.current();
  const resolved = await resolveProviderAuth(provider, scope);
  expect(resolved).toMatchObject({
    mode: signedIn?.mode,
    account: signedIn?.account,
    usesCodexBackend: mode !== "apikey",
    agentIdentity: signedIn?.agentIdentity,
  });
  expect(headers["chatgpt-account-id"]).toBe(mode === "apikey" ? undefined : "account-test");
  if (mode.startsWith("agentIdentity")) {
    // Checked by the backend, signature and all.
    expect(auth).toMatchObject({ kind: "agentAssertion", ...toVerdict(resolved.agentIdentity) });
  } else {
    expect(headers.authorization).toBe(`Bearer ${secrets[0]}`);
  }
});

function toVerdict(ids: { readonly agentId: string; readonly taskId: string } | undefined): object {
  return { agentRuntimeId: ids?.agentId, taskId: ids?.taskId };
}

test.each(Object.keys(strangers).flatMap((name) => modes.map((mode) => [mode, name] as const)))(
  "%s never goes to a provider with %s",
  async (mode, name) => {
    const world = await worldOfTest();
    const { manager, secrets } = await world.signIn(mode);
    world.backend.reset();
    const [table, authorization] = strangers[name] as (typeof strangers)[string];
    const tables = { mine: { name: "Mine", base_url: world.backend.urls.openai, ...table } };
    const provider = await openProvider("mine", { model_providers: tables });
    const login = { ...spyOn(manager), provider: manager.provider };
    const scope = new ProviderAuthScope({ login, environment, agentIdentityPolicy: "ChatGptAuth" });

    const { headers } = await send(world, provider, scope);
    expect(headers.authorization).toBe(authorization);
    expect(headers).not.toHaveProperty("chatgpt-account-id");
    expect(headers).not.toHaveProperty("x-openai-fedramp");
    for (const secret of secrets) expect(everythingReceived(world)).not.toContain(secret);
    expect(login.readings()).toBe(0);
    expect(await resolveProviderAuth(provider, scope)).toMatchObject({
      mode: authorization === undefined ? undefined : "apikey",
      account: undefined,
      usesCodexBackend: false,
      agentIdentity: undefined,
    });
  },
);

/** Counts how often the login is read. */
function spyOn(manager: Pick<import("@codex-ts/login").AuthManager, "current">) {
  let count = 0;
  return {
    current: async (signal?: AbortSignal) => {
      count += 1;
      return await manager.current(signal);
    },
    readings: () => count,
  };
}

test.each(["ollama", "lmstudio"])("%s gets nothing, whoever is signed in", async (id) => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const local = { CODEX_OSS_BASE_URL: world.backend.urls.openai };
  const provider = await resolveProvider(id, {}, { clientVersion, environment: local });
  const { headers } = await send(
    world,
    provider,
    new ProviderAuthScope({ login: manager, environment: local }),
  );
  expect(headers).not.toHaveProperty("authorization");
  expect(headers).not.toHaveProperty("chatgpt-account-id");
});

test.each(Object.keys(askers))("with nobody signed in, %s is an error and nothing is sent", async (asker) => {
  const world = await worldOfTest();
  const provider = await openProvider(...(askers[asker] as (typeof askers)[string])(world));
  const { manager } = await world.signIn("nobody");
  for (const login of [manager, undefined]) {
    const scope = new ProviderAuthScope({ login, environment });
    await expect(send(world, provider, scope)).rejects.toMatchObject({
      name: "ModelProviderError",
      kind: "not_logged_in",
      providerId: provider.id,
    });
  }
  expect(world.backend.requests).toEqual([]);
});

test("a Bedrock key is refused by every provider but Bedrock", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("bedrockApiKey");
  const provider = await openProvider("openai", { openai_base_url: world.backend.urls.codex });
  const scope = new ProviderAuthScope({ login: manager, environment });
  await expect(send(world, provider, scope)).rejects.toMatchObject({
    kind: "unsupported_auth",
    message: "Bedrock API key auth is only supported by the Amazon Bedrock model provider",
  });
  expect(world.backend.requests).toEqual([]);
});

test("FedRAMP accounts are marked", async () => {
  const world = await worldOfTest();
  const provider = await openProvider("openai", { openai_base_url: world.backend.urls.codex });
  const { manager } = await world.signIn("chatgpt", { isFedramp: true });
  const { headers } = await send(world, provider, new ProviderAuthScope({ login: manager, environment }));
  expect(headers).toMatchObject({ "x-openai-fedramp": "true", "chatgpt-account-id": "account-test" });
});

test("an API key goes before tokens in the same file", async () => {
  const world = await worldOfTest();
  const { manager, home, secrets } = await world.signIn("chatgpt");
  const [access_token, refresh_token] = secrets;
  const tokens = { id_token: access_token, access_token, refresh_token, account_id: "account-test" };
  await writeAuth(home, { OPENAI_API_KEY: "sk-test", tokens, last_refresh: new Date().toISOString() });
  await manager.reload();
  const provider = await openProvider("openai", { openai_base_url: world.backend.urls.openai });
  const { headers } = await send(world, provider, new ProviderAuthScope({ login: manager, environment }));
  expect(headers).toMatchObject({ authorization: "Bearer sk-test", version: "1.2.3" });
  expect(headers).not.toHaveProperty("chatgpt-account-id");
});

test("two accounts in one process share nothing", async () => {
  const world = await worldOfTest();
  const provider = await openProvider("openai", { openai_base_url: world.backend.urls.codex });
  const accounts = ["account-1", "account-2"];
  const scopes = await Promise.all(
    accounts.map(async (accountId) => {
      const { manager } = await world.signIn("chatgpt", { accountId });
      return new ProviderAuthScope({ login: manager, environment });
    }),
  );
  const resolved = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      resolveProviderAuth(provider, scopes[index % 2] as ProviderAuthScope),
    ),
  );
  expect(resolved.map(({ account }) => account?.accountId)).toEqual(
    Array.from({ length: 20 }, (_, index) => accounts[index % 2]),
  );
});
