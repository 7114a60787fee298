import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import {
  type LoginSource,
  ProviderAuthScope,
  type ProviderConfig,
  readProviderAccount,
  resolveProvider,
} from "../src/index.js";
import { writeAuth } from "./support/home.js";
import { type Mode, worldOfTest } from "./support/world.js";

async function stateOf(id: string, login: LoginSource | undefined, config: ProviderConfig = {}) {
  const provider = await resolveProvider(id, config, { clientVersion: "1.2.3", environment: {} });
  return await readProviderAccount(provider, new ProviderAuthScope({ login, environment: {} }));
}

const chatgpt = { type: "chatgpt", email: "user@example.com", planType: "pro" };

test.each<[Mode, object | null]>([
  ["nobody", null],
  ["apikey", { type: "apiKey" }],
  ["chatgpt", chatgpt],
  ["chatgptAuthTokens", chatgpt],
  ["personalAccessToken", chatgpt],
  ["agentIdentity record", { type: "chatgpt", email: expect.any(String), planType: expect.any(String) }],
])("with %s OpenAI's account is %j", async (mode, account) => {
  const world = await worldOfTest();
  const { manager } = await world.signIn(mode);
  expect(await stateOf("openai", manager)).toEqual({ account, requiresOpenaiAuth: true });
});

test("without a login there is no account, but one is needed", async () => {
  expect(await stateOf("openai", undefined)).toEqual({ account: null, requiresOpenaiAuth: true });
});

test("a login that can never be refreshed again is none", async () => {
  const world = await worldOfTest();
  const { manager, secrets } = await world.signIn("chatgpt");
  world.issuer.retireRefreshToken(secrets[1] ?? "", "revoked");
  await manager.refresh().catch(() => {});
  expect(await stateOf("openai", manager)).toEqual({ account: null, requiresOpenaiAuth: true });
});

test("a login that could not be loaded is an error, and not nobody", async () => {
  const world = await worldOfTest();
  const { manager, home } = await world.signIn("chatgpt");
  await writeAuth(home, { tokens: 1 });
  await manager.reload().catch(() => {});
  await expect(stateOf("openai", manager)).rejects.toMatchObject({
    name: "LoginError",
    kind: "invalid_login",
  });
});

test("a Bedrock key is no account of OpenAI's, but one of Bedrock's", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("bedrockApiKey");
  await expect(stateOf("openai", manager)).rejects.toMatchObject({
    kind: "unsupported_auth",
    message: "Bedrock API key auth is only supported by the Amazon Bedrock model provider",
  });
  expect(await stateOf("amazon-bedrock", manager)).toEqual({
    account: { type: "amazonBedrock", credentialSource: "codexManaged" },
    requiresOpenaiAuth: false,
  });
});

test.each<Mode | "no login">(["no login", "nobody", "chatgpt"])(
  "with %s Bedrock's account is AWS's",
  async (mode) => {
    const world = await worldOfTest();
    const login = mode === "no login" ? undefined : (await world.signIn(mode)).manager;
    expect(await stateOf("amazon-bedrock", login)).toEqual({
      account: { type: "amazonBedrock", credentialSource: "awsManaged" },
      requiresOpenaiAuth: false,
    });
  },
);

test("a custom provider has none, unless it asks for the login", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("apikey");
  const tables = { mine: { name: "Mine" }, relay: { name: "Relay", requires_openai_auth: true } };
  expect(await stateOf("mine", manager, { model_providers: tables })).toEqual({
    account: null,
    requiresOpenaiAuth: false,
  });
  expect(await stateOf("relay", manager, { model_providers: tables })).toEqual({
    account: { type: "apiKey" },
    requiresOpenaiAuth: true,
  });
});

const sourceOf = (snapshot: AuthSnapshot): LoginSource => ({
  provider: snapshot.provider,
  current: async () => snapshot,
});
const snapshot: AuthSnapshot = {
  mode: "chatgpt",
  provider: { addAuthHeaders() {} },
  account: { isFedramp: false, isWorkspace: false },
  usesCodexBackend: true,
};

test("a ChatGPT login without a plan is an error", async () => {
  await expect(stateOf("openai", sourceOf(snapshot))).rejects.toMatchObject({
    kind: "account",
    message: "plan type is required for chatgpt authentication",
  });
});

test("a ChatGPT login without an e-mail address is one all the same, and a new plan is unknown", async () => {
  const account = { ...snapshot.account, planType: "of-next-year" };
  expect(await stateOf("openai", sourceOf({ ...snapshot, account }))).toEqual({
    account: { type: "chatgpt", email: null, planType: "unknown" },
    requiresOpenaiAuth: true,
  });
});
