import {
  type AgentIdentityEndpoints,
  type AgentIdentityRecord,
  agentIdentityEndpoints,
  decodeAgentIdentityJwt,
  recordFromJwt,
} from "@codex-ts/agent-identity";
import type { AccountIdentity } from "@codex-ts/auth-provider";
import { isWorkspacePlan } from "@codex-ts/protocol";
import type { CompletedLogin } from "../flows/completed-login.js";
import { runSignIn, type SignInOptions } from "../flows/run-sign-in.js";
import { saveLogin } from "../flows/save-login.js";
import { LoginError } from "../login-error.js";
import { isPersonalAccessToken, PersonalAccessTokenAuth } from "../modes/personal-access-token-auth.js";
import { fetchPersonalAccessTokenMetadata } from "../oauth/whoami.js";
import type { AuthJson } from "../storage/auth-json.js";
import { toAgentIdentityFailure } from "./agent-identity-failure.js";
import type { LoginContext } from "./login-context.js";

/**
 * Checks an access token with the backend and stores it as the login: a personal access token (`at-…`), else an
 * Agent Identity JWT. No task is registered yet.
 *
 * @returns What was stored.
 * @throws {@link LoginError} of kind `personal_access_token`, `agent_identity`, `restricted`, `invalid_token`,
 * `storage`, `lock_timeout`, `configuration` or `aborted`. Nothing is stored then.
 */
export function loginWithAccessToken(
  accessToken: string,
  options: SignInOptions = {},
): Promise<CompletedLogin> {
  return runSignIn(options, async (context, signal) => {
    const token = accessToken.trim();
    if (token === "") throw new LoginError("the access token is empty", { kind: "invalid_token" });
    const check = isPersonalAccessToken(token) ? checkPersonalAccessToken : checkAgentIdentityJwt;
    const { auth, mode, account } = await check(token, context, signal);
    await saveLogin(context, auth, signal);
    return { mode, account, hasApiKey: false, location: context.storage.location };
  });
}

interface CheckedLogin extends Pick<CompletedLogin, "account" | "mode"> {
  readonly auth: AuthJson;
}

type Check = (token: string, context: LoginContext, signal: AbortSignal) => Promise<CheckedLogin>;

const checkPersonalAccessToken: Check = async (token, { policy, transport, profile }, signal) => {
  policy.checkNewLogin("personalAccessToken");
  const { authApiBaseUrl } = profile;
  const metadata = await fetchPersonalAccessTokenMetadata(token, { transport, authApiBaseUrl, signal });
  policy.checkWorkspaces([metadata.accountId]);
  return {
    // Without "auth_mode", which older programs that share the file would not know.
    auth: { OPENAI_API_KEY: null, personal_access_token: token },
    mode: "personalAccessToken",
    account: new PersonalAccessTokenAuth(token, metadata).snapshot().account,
  };
};

const checkAgentIdentityJwt: Check = async (token, context, signal) => {
  const { policy, transport, clock } = context;
  policy.checkNewLogin("agentIdentity");
  try {
    policy.checkWorkspaces([decodeAgentIdentityJwt(token).account_id]);
    const { jwksUrl } = agentIdentityEndpointsOf(context);
    const record = await recordFromJwt(token, { transport, jwksUrl, clock, signal });
    return {
      auth: { auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: token },
      mode: "agentIdentity",
      account: accountOf(record),
    };
  } catch (error) {
    throw toAgentIdentityFailure(error);
  }
};

function accountOf(record: AgentIdentityRecord): AccountIdentity {
  const { email, plan_type: planType } = record;
  return {
    accountId: record.account_id,
    userId: record.chatgpt_user_id,
    ...(email === null ? undefined : { email }),
    planType,
    isFedramp: record.chatgpt_account_is_fedramp,
    isWorkspace: isWorkspacePlan(planType),
  };
}

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
