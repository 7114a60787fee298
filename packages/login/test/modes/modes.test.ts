import { applyAuth, toAuthHeaders } from "@codex-ts/auth-provider";
import { startBackend } from "@codex-ts/testkit";
import { expect, onTestFinished, test } from "vitest";
import {
  AgentIdentityLogin,
  ApiKeyAuth,
  AuthManager,
  BedrockApiKeyAuth,
  ChatgptAuth,
  type CodexAuth,
  PersonalAccessTokenAuth,
} from "../../src/index.js";
import { accessTokenExpiringIn, idTokenOf } from "../support/jwt.js";
import { chatgptLogin } from "../support/logins.js";
import { everythingPrinted } from "../support/printed.js";
import { temporaryHome, writeAuth } from "../support/temporary-home.js";
import { transportOfTest } from "../support/transport.js";

const accessToken = accessTokenExpiringIn(3600);
const metadata = {
  email: undefined,
  userId: "user-2",
  accountId: "account-2",
  planType: "business",
  isFedramp: true,
};
const samples: Readonly<Record<string, () => CodexAuth | Promise<CodexAuth>>> = {
  apikey: () => new ApiKeyAuth("sk-secret"),
  chatgpt: () => new ChatgptAuth(chatgptLogin({ accessToken, planType: "team" }), "chatgpt"),
  chatgptAuthTokens: () => new ChatgptAuth(chatgptLogin({ accessToken }), "chatgptAuthTokens"),
  agentIdentity: openAgentIdentityLogin,
  personalAccessToken: () => new PersonalAccessTokenAuth("at-secret", metadata),
  bedrockApiKey: () => new BedrockApiKeyAuth({ api_key: "bedrock-secret", region: "us-east-1" }),
};

async function openAgentIdentityLogin(): Promise<CodexAuth> {
  const backend = await startBackend();
  onTestFinished(() => backend.close());
  const home = await temporaryHome();
  const agent = backend.registerAgent({ email: null });
  await writeAuth(home, { auth_mode: "agentIdentity", agent_identity: { ...agent } });
  const manager = await AuthManager.open({ home, environment: {}, transport: transportOfTest() });
  const auth = manager.cached();
  if (!(auth instanceof AgentIdentityLogin)) throw new Error("no agent identity");
  return auth;
}

async function sample(mode: string): Promise<CodexAuth> {
  const make = samples[mode];
  if (make === undefined) throw new Error(mode);
  return await make();
}

const yes = true;
const no = false;
test.each([
  // mode, effective, api key, PAT, ChatGPT, Codex backend, external, recovers
  ["apikey", "apikey", yes, no, no, no, no, no],
  ["chatgpt", "chatgpt", no, no, yes, yes, no, yes],
  ["chatgptAuthTokens", "chatgpt", no, no, yes, yes, yes, yes],
  ["agentIdentity", "agentIdentity", no, no, no, yes, no, no],
  ["personalAccessToken", "personalAccessToken", no, yes, yes, yes, no, no],
  ["bedrockApiKey", "bedrockApiKey", no, no, no, no, no, no],
])("the predicates of %s", async (mode, effective, ...predicates) => {
  const auth = await sample(mode);
  expect([auth.mode, auth.effectiveMode]).toEqual([mode, effective]);
  expect([
    auth.isApiKeyAuth,
    auth.isPersonalAccessTokenAuth,
    auth.isChatgptAuth,
    auth.usesCodexBackend,
    auth.isExternalChatgptTokens,
    auth.supportsUnauthorizedRecovery,
  ]).toEqual(predicates);
  expect(auth.snapshot()).toMatchObject({ mode, usesCodexBackend: auth.usesCodexBackend });
});

const chatgptUser = { accountId: "account-1", userId: "user-1", email: "user@example.com", isFedramp: no };
test.each<[string, object]>([
  ["apikey", { isFedramp: no, isWorkspace: no }],
  ["chatgpt", { ...chatgptUser, planType: "team", isWorkspace: yes }],
  ["chatgptAuthTokens", { ...chatgptUser, planType: "pro", isWorkspace: no }],
  [
    "agentIdentity",
    { accountId: "account-test", userId: "user-test", planType: "pro", isFedramp: no, isWorkspace: no },
  ],
  [
    "personalAccessToken",
    { accountId: "account-2", userId: "user-2", planType: "business", isFedramp: yes, isWorkspace: yes },
  ],
  ["bedrockApiKey", { isFedramp: no, isWorkspace: no }],
])("the account of %s", async (mode, account) => {
  const auth = await sample(mode);
  expect(auth.snapshot().account).toEqual(account);
});

const noTokenData = "Token data is not available. Sign in again";
test.each<[string, string | undefined, string | Error, string | undefined]>([
  ["apikey", "sk-secret", "sk-secret", undefined],
  ["chatgpt", undefined, accessToken, accessToken],
  ["chatgptAuthTokens", undefined, accessToken, accessToken],
  ["agentIdentity", undefined, new Error("agent identity auth does not expose a bearer token"), undefined],
  ["personalAccessToken", undefined, "at-secret", undefined],
  [
    "bedrockApiKey",
    undefined,
    new Error("Bedrock API key auth does not expose a Codex bearer token"),
    undefined,
  ],
])("the secrets of %s", async (mode, apiKey, token, tokenData) => {
  const auth = await sample(mode);
  expect(auth.apiKey()).toBe(apiKey);
  if (typeof token === "string") expect(auth.token()).toBe(token);
  else expect(() => auth.token()).toThrow(token.message);
  if (tokenData !== undefined) expect(auth.tokenData().access_token).toBe(tokenData);
  else expect(() => auth.tokenData()).toThrow(noTokenData);
});

test.each<[string, Record<string, string>]>([
  ["apikey", { authorization: "Bearer sk-secret" }],
  ["chatgpt", { authorization: `Bearer ${accessToken}`, "chatgpt-account-id": "account-1" }],
  ["chatgptAuthTokens", { authorization: `Bearer ${accessToken}`, "chatgpt-account-id": "account-1" }],
  [
    "agentIdentity",
    { authorization: expect.stringMatching(/^AgentAssertion /), "chatgpt-account-id": "account-test" },
  ],
  [
    "personalAccessToken",
    {
      authorization: "Bearer at-secret",
      "chatgpt-account-id": "account-2",
      "x-openai-fedramp": "true",
    },
  ],
])("the headers of %s", async (mode, headers) => {
  const auth = await sample(mode);
  expect(Object.fromEntries(toAuthHeaders(auth.provider()))).toEqual(headers);
});

test("a FedRAMP account is marked, and only that", () => {
  const marked = new ChatgptAuth(chatgptLogin({ isFedramp: true }), "chatgpt");
  expect(toAuthHeaders(marked.provider()).get("x-openai-fedramp")).toBe("true");
});

test("a Bedrock key refuses every other provider", () => {
  const { provider } = new BedrockApiKeyAuth({ api_key: "k", region: "eu-west-1" }).snapshot();
  expect(() => toAuthHeaders(provider)).toThrow(
    "Bedrock API key auth is only supported by the Amazon Bedrock model provider",
  );
});

test("a Bedrock key hands out what its provider needs", () => {
  const auth = new BedrockApiKeyAuth({ api_key: "k", region: "eu-west-1" });
  expect([auth.bedrockApiKey(), auth.region]).toEqual(["k", "eu-west-1"]);
});

test.each([
  ["last_refresh", { ...chatgptLogin(), last_refresh: null }],
  ["tokens", { ...chatgptLogin(), tokens: null }],
])(
  "a ChatGPT login without %s signs nothing, rather than a request without Authorization",
  async (_name, stored) => {
    const { provider } = new ChatgptAuth(stored, "chatgpt").snapshot();
    const request = { method: "GET", url: "https://host.test/", headers: new Headers() };
    await expect(applyAuth(provider, request)).rejects.toMatchObject({ kind: "build", message: noTokenData });
    expect([...request.headers]).toEqual([]);
  },
);

test("a ChatGPT login without a plan is of plan unknown, and one without tokens of none", () => {
  const { tokens } = chatgptLogin();
  const stored = { ...chatgptLogin(), tokens: { ...tokens, id_token: "eyJhbGciOiJub25lIn0.e30.c2ln" } };
  const planless = new ChatgptAuth(stored as ReturnType<typeof chatgptLogin>, "chatgpt");
  expect([planless.planType, planless.accountPlanType]).toEqual(["unknown", "unknown"]);
  expect(new ChatgptAuth({}, "chatgpt").accountPlanType).toBeNull();
  const mystery = new ChatgptAuth(chatgptLogin({ planType: "mystery-tier" }), "chatgpt");
  expect([mystery.planType, mystery.accountPlanType]).toEqual(["mystery-tier", "unknown"]);
});

test("sends the account that was chosen at sign-in, not the one of the claim", () => {
  const stored = chatgptLogin();
  const tokens = { id_token: idTokenOf({ accountId: "claimed" }), access_token: "a", refresh_token: "r" };
  const auth = new ChatgptAuth({ ...stored, tokens: { ...tokens, account_id: "chosen" } }, "chatgpt");
  expect([auth.accountId, auth.claimedAccountId]).toEqual(["chosen", "claimed"]);
  const none = new ChatgptAuth({ ...stored, tokens: { ...tokens, account_id: null } }, "chatgpt");
  expect(none.accountId).toBeUndefined();
  expect(toAuthHeaders(none.provider()).has("chatgpt-account-id")).toBe(false);
});

test.each(["secret\nb", "secret\0b", " secret", "secret ", "secret日本", ""])(
  "refuses the token %j, and does not show it",
  async (token) => {
    const { provider } = new ApiKeyAuth(token).snapshot();
    const headers = new Headers();
    const request = { method: "GET", url: "https://host.test/", headers };
    const error = await applyAuth(provider, request).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "AuthError", kind: "build" });
    expect(everythingPrinted(error)).not.toContain("secret");
    expect([...headers]).toEqual([]);
  },
);

test("refuses an account id that no header can hold, and sends nothing", () => {
  const auth = new PersonalAccessTokenAuth("at-1", { ...metadata, accountId: "a\nb" });
  expect(() => auth.provider().addAuthHeaders(new Headers())).toThrow("the account id holds a character");
});

test.each(Object.keys(samples))("printing %s shows no secret", async (mode) => {
  const auth = await sample(mode);
  const printed = everythingPrinted([auth, auth.snapshot()]);
  for (const secret of ["sk-secret", "at-secret", "bedrock-secret", accessToken, "rt-stored"]) {
    expect(printed).not.toContain(secret);
  }
});

test("logins are equal when their secrets are", async () => {
  expect(new ApiKeyAuth("a").equals(new ApiKeyAuth("a"))).toBe(true);
  expect(new ApiKeyAuth("a").equals(new ApiKeyAuth("b"))).toBe(false);
  const login = chatgptLogin();
  const chatgpt = new ChatgptAuth(login, "chatgpt");
  expect(chatgpt.equals(new ChatgptAuth(structuredClone(login), "chatgpt"))).toBe(true);
  expect(chatgpt.equals(new ChatgptAuth(login, "chatgptAuthTokens"))).toBe(false);
  expect(chatgpt.equals(new ChatgptAuth({ ...login, last_refresh: "2020-01-01T00:00:00Z" }, "chatgpt"))).toBe(
    false,
  );
  const pat = new PersonalAccessTokenAuth("at-1", metadata);
  expect(pat.equals(new PersonalAccessTokenAuth("at-1", { ...metadata, planType: "edu" }))).toBe(true);
  expect(pat.equals(new PersonalAccessTokenAuth("at-2", metadata))).toBe(false);
  const bedrock = new BedrockApiKeyAuth({ api_key: "k", region: "r" });
  expect(bedrock.equals(new BedrockApiKeyAuth({ api_key: "k", region: "r" }))).toBe(true);
  expect(bedrock.equals(new BedrockApiKeyAuth({ api_key: "k", region: "other" }))).toBe(false);
  const agent = await sample("agentIdentity");
  expect([agent.equals(agent), agent.equals(pat), pat.equals(agent), chatgpt.equals(pat)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
