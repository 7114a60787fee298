import { jsonReply, type Reply } from "../reply.js";
import type { IssuerState } from "./issuer-state.js";
import type { RecordedOAuthRequest } from "./oauth-request.js";
import type { RefreshTokenState } from "./token-vault.js";

const tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";

/** `POST /oauth/token`: exchanges a refresh token, an authorization code or an id token. */
export function token(request: RecordedOAuthRequest, state: IssuerState): Reply {
  const parameters = request.parameters();
  if (parameters.get("client_id") !== state.clientId) return jsonReply(401, { error: "invalid_client" });
  switch (parameters.get("grant_type")) {
    case "refresh_token":
      return refresh(parameters, state);
    case "authorization_code":
      return redeemCode(parameters, state);
    case tokenExchange:
      return exchangeForApiKey(parameters, state);
    default:
      return jsonReply(400, { error: "unsupported_grant_type" });
  }
}

function refresh(parameters: URLSearchParams, state: IssuerState): Reply {
  const refreshToken = parameters.get("refresh_token") ?? "";
  const status = state.vault.refreshTokenState(refreshToken);
  const account = state.vault.retire(refreshToken, "used");
  if (account === undefined) return refusedRefresh(status);
  return jsonReply(200, state.issue(account));
}

function redeemCode(parameters: URLSearchParams, state: IssuerState): Reply {
  const account = state.vault.redeemCode(
    parameters.get("code") ?? "",
    parameters.get("redirect_uri") ?? "",
    parameters.get("code_verifier") ?? "",
  );
  if (account === undefined) {
    return jsonReply(400, {
      error: "invalid_grant",
      error_description: "The code, its redirect URI or its verifier is wrong.",
    });
  }
  return jsonReply(200, state.issue(account));
}

function exchangeForApiKey(parameters: URLSearchParams, { vault }: IssuerState): Reply {
  const wantsApiKey = parameters.get("requested_token") === "openai-api-key";
  if (!wantsApiKey || !parameters.get("subject_token")) return jsonReply(400, { error: "invalid_request" });
  return jsonReply(200, { access_token: vault.issueApiKey() });
}

const refusalCodes: Readonly<Record<RefreshTokenState, string>> = {
  live: "",
  used: "refresh_token_reused",
  expired: "refresh_token_expired",
  revoked: "refresh_token_invalidated",
  unknown: "refresh_token_invalidated",
};

function refusedRefresh(state: RefreshTokenState): Reply {
  const code = refusalCodes[state];
  const message = "Your refresh token cannot be used. Please try signing in again.";
  return jsonReply(401, { error: { message, type: "invalid_request_error", param: null, code } });
}
