import { expect, test } from "vitest";
import {
  type AuthJson,
  type AuthManagerOptions,
  createAuthStorage,
  enforceLoginRestrictions,
  LoginError,
  type LoginOptions,
} from "../../src/index.js";
import { agentIdentityAt, backendOfTest } from "../support/backend.js";
import { issuerOfTest, profileOf } from "../support/issuer.js";
import { idTokenOf } from "../support/jwt.js";
import { chatgptLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { readAuthText, temporaryHome, writeAuth } from "../support/temporary-home.js";

async function homeWith(stored: AuthJson): Promise<string> {
  const home = await temporaryHome();
  await writeAuth(home, stored);
  return home;
}

function mixed(claimed: string, sent: string): AuthJson {
  const tokens = { id_token: idTokenOf({ accountId: claimed }), access_token: "a", refresh_token: "r" };
  return { ...chatgptLogin(), tokens: { ...tokens, account_id: sent } };
}

function enforce(home: string, options: LoginOptions): Promise<void> {
  return enforceLoginRestrictions({ home, environment: {}, ...options });
}

const apiKey: AuthJson = { OPENAI_API_KEY: "sk-1" };

test.each<[string, AuthJson, LoginOptions, string]>([
  [
    "an API key where ChatGPT is required",
    apiKey,
    { forcedLoginMethod: "chatgpt" },
    "ChatGPT login is required, but an API key is currently being used. Logging out.",
  ],
  [
    "ChatGPT where an API key is required",
    chatgptLogin(),
    { forcedLoginMethod: "api" },
    "API key login is required, but ChatGPT is currently being used. Logging out.",
  ],
  [
    "another workspace",
    chatgptLogin({ accountId: "account-x" }),
    { forcedWorkspaceIds: ["a", "b"] },
    "Login is restricted to workspace(s) a, b, but current credentials belong to account-x. Logging out.",
  ],
  [
    "a workspace that is not named",
    {
      ...chatgptLogin(),
      tokens: { id_token: "e30.e30.x", access_token: "a", refresh_token: "r", account_id: "a" },
    },
    { forcedWorkspaceIds: ["a"] },
    "Login is restricted to workspace(s) a, but current credentials lack a workspace identifier. Logging out.",
  ],
  [
    "an allowed claim, but other tokens",
    mixed("a", "elsewhere"),
    { forcedWorkspaceIds: ["a"] },
    "Login is restricted to workspace(s) a, but current credentials belong to elsewhere. Logging out.",
  ],
])("removes %s", async (_name, stored, options, message) => {
  const home = await homeWith(stored);
  await expect(enforce(home, options)).rejects.toMatchObject({ kind: "restricted", message });
  expect(await readAuthText(home)).toBeUndefined();
});

test.each<[string, AuthJson, LoginOptions]>([
  ["the workspace that is allowed", chatgptLogin(), { forcedWorkspaceIds: [" account-1 ", ""] }],
  ["one of several", chatgptLogin(), { forcedWorkspaceIds: ["account-0", "account-1"] }],
  ["an API key where only the workspace is restricted", apiKey, { forcedWorkspaceIds: ["a"] }],
  ["anything where nothing is restricted", chatgptLogin(), { forcedWorkspaceIds: [] }],
])("keeps %s", async (_name, stored, options) => {
  const home = await homeWith(stored);
  const before = await readAuthText(home);
  await enforce(home, options);
  expect(await readAuthText(home)).toBe(before);
});

test("removes a personal access token and an Agent Identity of other workspaces", async () => {
  const issuer = await issuerOfTest();
  const pat = await homeWith({ personal_access_token: issuer.issuePersonalAccessToken() });
  const message = expect.stringContaining("current credentials belong to account-test");
  const options = { profile: profileOf(issuer), forcedWorkspaceIds: ["other"] };
  await expect(enforce(pat, options)).rejects.toMatchObject({ kind: "restricted", message });
  expect(await readAuthText(pat)).toBeUndefined();

  const backend = await backendOfTest();
  const agent = await homeWith({ auth_mode: "agentIdentity", agent_identity: backend.mintJwt() });
  await expect(
    enforce(agent, { ...agentIdentityAt(backend), forcedWorkspaceIds: ["other"] }),
  ).rejects.toMatchObject({ kind: "restricted", message });
  expect(await readAuthText(agent)).toBeUndefined();
});

test("leaves a login that was made while the old one was judged, and tells what it could not remove", async () => {
  const allowed = chatgptLogin({ accountId: "allowed" });
  const readings = [chatgptLogin(), chatgptLogin(), allowed];
  let deletions = 0;
  const storage = {
    location: "a vault",
    load: () => Promise.resolve(readings.shift()),
    save: () => Promise.resolve(),
    delete: () => {
      deletions += 1;
      return Promise.reject(new LoginError("the vault is sealed", { kind: "storage" }));
    },
  };
  const options = { storage, forcedWorkspaceIds: ["allowed"] };
  const home = await temporaryHome();
  await expect(enforce(home, options)).rejects.toMatchObject({ kind: "restricted" });
  expect(deletions).toBe(0);
  const login = chatgptLogin();
  readings.push(login, login, login);
  await expect(enforce(home, options)).rejects.toMatchObject({
    kind: "restricted",
    message: expect.stringContaining("Logging out. It could not be removed: the vault is sealed"),
  });
});

test("looks at CODEX_API_KEY, which it cannot remove", async () => {
  const home = await temporaryHome();
  const options = { environment: { apiKey: "sk-env" }, forcedLoginMethod: "chatgpt" } as const;
  await expect(enforceLoginRestrictions({ home, ...options })).rejects.toMatchObject({ kind: "restricted" });
});

test("has nothing to say where nobody is signed in, and passes on what cannot be loaded", async () => {
  const home = await temporaryHome();
  await enforce(home, { forcedLoginMethod: "api" });
  await writeAuth(home, "{");
  await expect(enforce(home, { forcedLoginMethod: "api" })).rejects.toMatchObject({ kind: "invalid_login" });
});

test.each<[string, AuthJson, AuthManagerOptions, string]>([
  ["an API key", apiKey, { forcedLoginMethod: "chatgpt" }, "ChatGPT login is required"],
  ["a ChatGPT login", chatgptLogin(), { forcedLoginMethod: "api" }, "API key login is required"],
  [
    "another workspace",
    chatgptLogin(),
    { forcedWorkspaceIds: ["a", "b"] },
    "Login is restricted to workspace id(s) a, b.",
  ],
  ["tokens of another workspace than its claim", mixed("a", "b"), { forcedWorkspaceIds: ["a"] }, "id(s) a."],
  [
    "a claim of another workspace than its tokens",
    mixed("b", "a"),
    { forcedWorkspaceIds: ["a"] },
    "id(s) a.",
  ],
])(
  "a manager does not sign with %s that is not allowed, and leaves it where it is",
  async (_name, stored, options, text) => {
    const home = await homeWith(stored);
    const before = await readAuthText(home);
    const manager = await managerOf(home, undefined, options);
    await expect(manager.current()).rejects.toMatchObject({
      kind: "restricted",
      message: expect.stringContaining(text),
    });
    expect(() => manager.provider.addAuthHeaders(new Headers())).toThrow(text);
    expect(await readAuthText(home)).toBe(before);
  },
);

test.each(["environment", "file", "ephemeral"] as const)(
  "a manager does not sign with a personal access token of another workspace, from %s",
  async (source) => {
    const issuer = await issuerOfTest();
    const home = await temporaryHome();
    const token = issuer.issuePersonalAccessToken();
    const storage = source === "environment" ? "file" : createAuthStorage({ mode: source, home });
    if (typeof storage !== "string") await storage.save({ personal_access_token: token });
    const environment = source === "environment" ? { accessToken: token } : {};
    const manager = await managerOf(home, issuer, { storage, environment, forcedWorkspaceIds: ["other"] });
    await expect(manager.current()).rejects.toMatchObject({
      kind: "restricted",
      message: "Login is restricted to workspace id(s) other.",
    });
    if (typeof storage !== "string") await storage.delete();
  },
);

test("a policy that rules out a login is applied before anything is sent", async () => {
  const issuer = await issuerOfTest();
  const backend = await backendOfTest();
  const home = await temporaryHome();
  const token = issuer.issuePersonalAccessToken();
  const pat = await managerOf(home, issuer, {
    environment: { accessToken: token },
    forcedLoginMethod: "api",
  });
  await expect(pat.current()).rejects.toMatchObject({ kind: "restricted" });
  const { chatgptBaseUrl, environment } = agentIdentityAt(backend);
  for (const options of [{ forcedLoginMethod: "api" as const }, { forcedWorkspaceIds: ["other"] }]) {
    const accessToken = backend.mintJwt();
    const agent = await managerOf(home, undefined, {
      chatgptBaseUrl,
      environment: { ...environment, accessToken },
      ...options,
    });
    await expect(agent.current()).rejects.toMatchObject({ kind: "restricted" });
  }
  expect([issuer.requests, backend.requests]).toEqual([[], []]);
});
