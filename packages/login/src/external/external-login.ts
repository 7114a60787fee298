import { parseRawPlan } from "@codex-ts/protocol";
import { LoginError } from "../login-error.js";
import type { AuthJson } from "../storage/auth-json.js";
import { isIdToken } from "../tokens/id-token.js";
import type { ExternalTokens } from "./external-auth.js";

/**
 * Turns tokens that a host handed in into a login. It is kept in memory only.
 *
 * @throws {@link LoginError} of kind `external` when the account is missing, or the token is no ChatGPT token.
 */
export function externalLogin(tokens: ExternalTokens, nowMs: number): AuthJson {
  const { accessToken, accountId, planType } = tokens;
  if (accountId === undefined || accountId === "") {
    throw new LoginError(
      "external auth tokens are missing ChatGPT metadata; hand in the account id as well",
      {
        kind: "external",
      },
    );
  }
  if (!isIdToken(accessToken)) {
    throw new LoginError("the external access token is not a ChatGPT token; hand in one that is", {
      kind: "external",
    });
  }
  return {
    auth_mode: "chatgptAuthTokens",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: accessToken,
      access_token: accessToken,
      refresh_token: "",
      account_id: accountId,
      ...(planType == null ? undefined : { [suppliedPlan]: parseRawPlan(planType) }),
    },
    last_refresh: new Date(nowMs).toISOString(),
  };
}

/** The member of the tokens that holds the plan as the host knows it. It never leaves the memory. */
export const suppliedPlan = "chatgpt_plan_type";
