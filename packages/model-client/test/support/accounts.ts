import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuthManager, type AuthManagerOptions, createOAuthProfile } from "@codex-ts/login";
import {
  type Backend,
  type BackendOptions,
  type OAuthIssuer,
  startBackend,
  startOAuthIssuer,
} from "@codex-ts/testkit";
import { onTestFinished } from "vitest";

/** A real login, its issuer, and a backend that accepts its tokens. */
export interface Account {
  readonly backend: Backend;
  readonly issuer: OAuthIssuer;
  readonly login: AuthManager;
}

/** Signs in to ChatGPT, as the Codex CLI does, in a home folder of the test. */
export async function chatgptAccount(options: BackendOptions = {}): Promise<Account> {
  const issuer = await startOAuthIssuer();
  const tokens = issuer.signIn();
  const backend = await startBackend({
    rateLimitHeaders: {},
    bearerTokens: [{ token: tokens.access_token, accountId: "account-test" }],
    ...options,
  });
  const stored = {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: tokens.id_token,
      access_token: tokens.access_token,
      refresh_token: tokens.refresh_token,
      account_id: "account-test",
    },
    last_refresh: new Date().toISOString(),
  };
  const login = await openLogin(stored, backend, { profile: createOAuthProfile(issuer.urls.issuer) });
  onTestFinished(async () => {
    await backend.close();
    await issuer.close();
  });
  return { backend, issuer, login };
}

/** Opens a login that is an Agent Identity of the backend. */
export async function agentLogin(backend: Backend, taskId?: null): Promise<AuthManager> {
  const record = backend.registerAgent(taskId === null ? { task_id: null } : {});
  return openLogin({ auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: record }, backend);
}

async function openLogin(
  stored: object,
  backend: Backend,
  options: AuthManagerOptions = {},
): Promise<AuthManager> {
  const home = await mkdtemp(join(tmpdir(), "codex-model-client-"));
  await writeFile(join(home, "auth.json"), JSON.stringify(stored), { mode: 0o600 });
  const login = await AuthManager.open({
    home,
    chatgptBaseUrl: backend.urls.chatgpt,
    environment: {
      agentIdentityAuthApiBaseUrl: backend.urls.authApi,
      agentIdentityJwksBaseUrl: backend.urls.chatgpt,
    },
    reuseGraceMs: 0,
    ...options,
  });
  onTestFinished(async () => {
    await login.close();
    await rm(home, { recursive: true, force: true });
  });
  return login;
}
