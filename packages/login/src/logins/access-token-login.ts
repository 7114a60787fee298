import {
  type AgentIdentityEndpoints,
  agentIdentityEndpoints,
  decodeAgentIdentityJwt,
  recordFromJwt,
} from "@codex-ts/agent-identity";
import { LoginError } from "../login-error.js";
import { isPersonalAccessToken } from "../modes/personal-access-token-auth.js";
import { fetchPersonalAccessTokenMetadata } from "../oauth/whoami.js";
import type { AuthJson } from "../storage/auth-json.js";
import { toAgentIdentityFailure } from "./agent-identity-failure.js";
import { type LoginContext, type LoginOptions, withLoginContext } from "./login-context.js";

/** Settings of {@link loginWithAccessToken}. */
export interface AccessTokenLoginOptions extends LoginOptions {
  /** Stops the sign-in; nothing is stored then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks an access token with the backend and stores it as the login: a personal access token (`at-…`), else an
 * Agent Identity JWT. No task is registered yet.
 *
 * @throws {@link LoginError} of kind `personal_access_token`, `agent_identity`, `restricted`, `invalid_token`,
 * `storage`, `lock_timeout` or `configuration`; the reason of `signal` when it fires. Nothing is stored then.
 */
export function loginWithAccessToken(
  accessToken: string,
  { signal, ...options }: AccessTokenLoginOptions = {},
): Promise<void> {
  return withLoginContext(options, async (context) => {
    const token = accessToken.trim();
    if (token === "") throw new LoginError("the access token is empty", { kind: "invalid_token" });
    const check = isPersonalAccessToken(token) ? checkPersonalAccessToken : checkAgentIdentityJwt;
    const auth = await check(token, context, signal).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
    signal?.throwIfAborted();
    await context.locked(() => context.storage.save(auth));
  });
}

type Check = (token: string, context: LoginContext, signal: AbortSignal | undefined) => Promise<AuthJson>;

const checkPersonalAccessToken: Check = async (token, { policy, transport, profile }, signal) => {
  policy.checkNewLogin("personalAccessToken");
  const { authApiBaseUrl } = profile;
  const { accountId } = await fetchPersonalAccessTokenMetadata(token, { transport, authApiBaseUrl, signal });
  policy.checkWorkspaces([accountId]);
  // Without "auth_mode", which older programs that share the file would not know.
  return { OPENAI_API_KEY: null, personal_access_token: token };
};

const checkAgentIdentityJwt: Check = async (token, context, signal) => {
  const { policy, transport, clock } = context;
  policy.checkNewLogin("agentIdentity");
  try {
    policy.checkWorkspaces([decodeAgentIdentityJwt(token).account_id]);
    const { jwksUrl } = agentIdentityEndpointsOf(context);
    await recordFromJwt(token, { transport, jwksUrl, clock, signal });
  } catch (error) {
    throw toAgentIdentityFailure(error);
  }
  return { auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: token };
};

/**
 * Works out where the Agent Identities of a context belong.
 *
 * @throws AgentIdentityError of kind `unsupported_environment`.
 */
export function agentIdentityEndpointsOf({
  chatgptBaseUrl,
  environment,
}: Pick<LoginContext, "chatgptBaseUrl" | "environment">): AgentIdentityEndpoints {
  return agentIdentityEndpoints(chatgptBaseUrl, {
    authApiBaseUrl: environment.agentIdentityAuthApiBaseUrl,
    jwksBaseUrl: environment.agentIdentityJwksBaseUrl,
  });
}
