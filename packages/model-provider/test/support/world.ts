import { createTransport, type Transport } from "@codex-ts/client";
import {
  AuthManager,
  type AuthManagerOptions,
  createOAuthProfile,
  loginWithApiKey,
  loginWithBedrockApiKey,
} from "@codex-ts/login";
import {
  type Backend,
  type BackendOptions,
  type IssuedTokens,
  type OAuthAccount,
  type OAuthIssuer,
  startBackend,
  startOAuthIssuer,
} from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { temporaryFolder, writeAuth } from "./home.js";

/** Every way to be signed in. */
export const modes = [
  "nobody",
  "apikey",
  "chatgpt",
  "chatgptAuthTokens",
  "personalAccessToken",
  "agentIdentity record",
  "agentIdentity JWT",
  "bedrockApiKey",
] as const;

export type Mode = (typeof modes)[number];

/** A backend and an issuer of one test, and logins in temporary homes at them. */
export interface World {
  readonly backend: Backend;
  readonly issuer: OAuthIssuer;
  readonly transport: Transport;
  /** Signs in afresh, in a home of its own. */
  signIn(mode: Mode, account?: Partial<OAuthAccount>): Promise<Login>;
}

/** A login, and everything in it that must not turn up elsewhere. */
export interface Login {
  readonly manager: AuthManager;
  readonly home: string;
  readonly secrets: readonly string[];
}

export async function worldOfTest(options: BackendOptions = {}): Promise<World> {
  const issuer = await startOAuthIssuer();
  // An agent is registered with a token that the backend knows.
  const tokens = new Map(
    ["account-test", "account-2"].map((accountId) => [accountId, issuer.signIn({ accountId })]),
  );
  const bearerTokens = [...tokens.values()].map(({ access_token }) => access_token);
  const backend = await startBackend({ requireAuth: false, bearerTokens, ...options });
  const transport = createTransport({ identity: false, proxy: false });
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
    await issuer.close();
  });
  return {
    backend,
    issuer,
    transport,
    signIn: async (mode, account) => await signIn(mode, { backend, issuer, tokens }, account),
  };
}

type Parts = Pick<World, "backend" | "issuer"> & { readonly tokens: Map<string, IssuedTokens> };

async function signIn(
  mode: Mode,
  { backend, issuer, tokens }: Parts,
  account?: Partial<OAuthAccount>,
): Promise<Login> {
  const home = await temporaryFolder();
  const environment = {
    agentIdentityAuthApiBaseUrl: backend.urls.authApi,
    agentIdentityJwksBaseUrl: backend.urls.chatgpt,
  };
  const shared: AuthManagerOptions = {
    home,
    environment,
    profile: createOAuthProfile(issuer.urls.issuer),
    chatgptBaseUrl: backend.urls.chatgpt,
    reuseGraceMs: 0,
  };
  const open = async (options: AuthManagerOptions = {}): Promise<AuthManager> => {
    const manager = await AuthManager.open({ ...shared, ...options });
    onTestFinished(() => manager.close());
    return manager;
  };
  const { accountId = "account-test" } = account ?? {};
  switch (mode) {
    case "nobody":
      return { home, manager: await open(), secrets: [] };
    case "apikey":
      await loginWithApiKey("sk-test", shared);
      return { home, manager: await open(), secrets: ["sk-test"] };
    case "bedrockApiKey":
      await loginWithBedrockApiKey({ apiKey: "bedrock-key", region: "eu-west-1" }, shared);
      return { home, manager: await open(), secrets: ["bedrock-key"] };
    case "chatgpt": {
      const known = account?.isFedramp === undefined ? tokens.get(accountId) : undefined;
      const { id_token, access_token, refresh_token } = known ?? issuer.signIn(account);
      await writeAuth(home, {
        auth_mode: "chatgpt",
        OPENAI_API_KEY: null,
        tokens: { id_token, access_token, refresh_token, account_id: accountId },
        last_refresh: new Date().toISOString(),
      });
      return { home, manager: await open(), secrets: [access_token, refresh_token, accountId] };
    }
    case "chatgptAuthTokens": {
      const accessToken = issuer.signIn(account).id_token;
      const manager = await open();
      await manager.setExternalTokens({ accessToken, accountId });
      return { home, manager, secrets: [accessToken, accountId] };
    }
    case "personalAccessToken": {
      const accessToken = issuer.issuePersonalAccessToken(account);
      const manager = await open({
        environment: { ...environment, accessToken, authApiBaseUrl: issuer.urls.authApi },
      });
      return { home, manager, secrets: [accessToken, accountId] };
    }
    case "agentIdentity record": {
      const record = backend.registerAgent({ account_id: accountId });
      await writeAuth(home, { auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: record });
      return {
        home,
        manager: await open(),
        secrets: ["AgentAssertion", record.agent_private_key, accountId],
      };
    }
    case "agentIdentity JWT": {
      const accessToken = backend.mintJwt({ account_id: accountId });
      const manager = await open({ environment: { ...environment, accessToken } });
      return { home, manager, secrets: ["AgentAssertion", accessToken, accountId] };
    }
  }
}
