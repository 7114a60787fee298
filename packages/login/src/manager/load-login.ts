import {
  decodeAgentIdentityJwt,
  openAgentIdentity,
  parseAgentIdentityRecord,
} from "@codex-ts/agent-identity";
import { LoginError } from "../login-error.js";
import { agentIdentityEndpointsOf } from "../logins/access-token-login.js";
import { toAgentIdentityFailure } from "../logins/agent-identity-failure.js";
import type { LoginContext } from "../logins/login-context.js";
import { AgentIdentityLogin } from "../modes/agent-identity-login.js";
import { ApiKeyAuth } from "../modes/api-key-auth.js";
import { BedrockApiKeyAuth } from "../modes/bedrock-api-key-auth.js";
import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { CodexAuth } from "../modes/codex-auth.js";
import { isPersonalAccessToken, PersonalAccessTokenAuth } from "../modes/personal-access-token-auth.js";
import { fetchPersonalAccessTokenMetadata } from "../oauth/whoami.js";
import type { LoginPolicy } from "../policy/login-policy.js";
import { type AuthJson, storedAuthMode } from "../storage/auth-json.js";

/** How a login is loaded. */
export interface LoadOptions {
  /** Whether `CODEX_API_KEY` counts. */
  readonly allowApiKeyEnvironment: boolean;
  /** The login that was loaded before. An Agent Identity that has not changed is kept, with its task. */
  readonly previous?: CodexAuth | undefined;
  /** @defaultValue that of the context */
  readonly policy?: LoginPolicy | undefined;
}

/**
 * Finds the login: `CODEX_API_KEY` where it counts, tokens handed in by a host, `CODEX_ACCESS_TOKEN`, what is stored.
 * The first that is there is used. If it fails, that is an error: nothing falls through to the next.
 *
 * @returns Nothing when nobody is signed in.
 * @throws {@link LoginError} of kind `storage`, `invalid_login`, `credential_missing`, `personal_access_token`,
 * `agent_identity`, `restricted`.
 */
export async function loadLogin(context: LoginContext, options: LoadOptions): Promise<CodexAuth | undefined> {
  return await new LoginLoader(context, options).load();
}

class LoginLoader {
  readonly #context: LoginContext;
  readonly #options: LoadOptions;
  readonly #policy: LoginPolicy;

  constructor(context: LoginContext, options: LoadOptions) {
    this.#context = context;
    this.#options = options;
    this.#policy = options.policy ?? context.policy;
  }

  async load(): Promise<CodexAuth | undefined> {
    const { environment, ephemeral, storage } = this.#context;
    if (this.#options.allowApiKeyEnvironment && environment.apiKey !== undefined) {
      this.#policy.checkMode("apikey");
      return new ApiKeyAuth(environment.apiKey);
    }
    const handedIn = await ephemeral.load();
    if (handedIn !== undefined) return await this.#open(handedIn);
    if (environment.accessToken !== undefined) return await this.#openAccessToken(environment.accessToken);
    const stored = await storage.load();
    return stored === undefined ? undefined : await this.#open(stored);
  }

  async #open(stored: AuthJson): Promise<CodexAuth> {
    const mode = storedAuthMode(stored);
    this.#policy.checkMode(mode);
    switch (mode) {
      case "apikey":
        return new ApiKeyAuth(required(stored.OPENAI_API_KEY, "API key auth is missing a key."));
      case "chatgpt":
      case "chatgptAuthTokens":
        return this.#openChatgpt(stored, mode);
      case "agentIdentity":
        return await this.#openAgentIdentity(
          required(stored.agent_identity, "agent identity auth is missing agent identity auth material."),
        );
      case "personalAccessToken":
        return await this.#openPersonalAccessToken(
          required(
            stored.personal_access_token,
            "personal access token auth is missing a personal access token.",
          ),
        );
      case "bedrockApiKey":
        return new BedrockApiKeyAuth(
          required(stored.bedrock_api_key, "Bedrock API key auth is missing a Bedrock API key."),
        );
    }
  }

  #openChatgpt(stored: AuthJson, mode: "chatgpt" | "chatgptAuthTokens"): ChatgptAuth {
    const auth = new ChatgptAuth(stored, mode);
    // Requests carry the account of the tokens; what the id token was issued for must be allowed as well.
    this.#policy.checkWorkspaces([auth.accountId, auth.claimedAccountId]);
    return auth;
  }

  async #openAccessToken(token: string): Promise<CodexAuth> {
    if (isPersonalAccessToken(token)) return await this.#openPersonalAccessToken(token);
    this.#policy.checkMode("agentIdentity");
    return await this.#openAgentIdentity(token);
  }

  async #openPersonalAccessToken(token: string): Promise<PersonalAccessTokenAuth> {
    this.#policy.checkMode("personalAccessToken");
    const { transport, profile } = this.#context;
    const { authApiBaseUrl } = profile;
    const metadata = await fetchPersonalAccessTokenMetadata(token, { transport, authApiBaseUrl });
    this.#policy.checkWorkspaces([metadata.accountId]);
    return new PersonalAccessTokenAuth(token, metadata);
  }

  async #openAgentIdentity(
    material: string | Readonly<Record<string, unknown>>,
  ): Promise<AgentIdentityLogin> {
    const text = typeof material === "string" ? material : JSON.stringify(material);
    const { previous } = this.#options;
    if (previous instanceof AgentIdentityLogin && previous.isFrom(text)) return previous;
    const { transport, clock } = this.#context;
    try {
      const identity = typeof material === "string" ? material : parseAgentIdentityRecord(material);
      const { account_id: accountId } =
        typeof identity === "string" ? decodeAgentIdentityJwt(identity) : identity;
      // Before anything is sent in the name of an account that may not be used.
      this.#policy.checkWorkspaces([accountId]);
      const endpoints = agentIdentityEndpointsOf(this.#context);
      return new AgentIdentityLogin(await openAgentIdentity(identity, { transport, endpoints, clock }), text);
    } catch (error) {
      throw toAgentIdentityFailure(error);
    }
  }
}

function required<T>(material: T | null | undefined, missing: string): T {
  if (material !== null && material !== undefined) return material;
  throw new LoginError(`${missing} Sign in again.`, { kind: "credential_missing" });
}
