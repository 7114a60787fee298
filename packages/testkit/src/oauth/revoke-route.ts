import { jsonReply, type Reply } from "../reply.js";
import type { IssuerState } from "./issuer-state.js";
import type { RecordedOAuthRequest } from "./oauth-request.js";

/** `POST /oauth/revoke` (RFC 7009): an unknown token is revoked as well. */
export function revoke(request: RecordedOAuthRequest, { vault, clientId }: IssuerState): Reply {
  const parameters = request.parameters();
  const isRefreshToken = parameters.get("token_type_hint") === "refresh_token";
  if (isRefreshToken && parameters.get("client_id") !== clientId) {
    return jsonReply(401, { error: { message: "The client is not known." } });
  }
  vault.retire(parameters.get("token") ?? "", "revoked");
  return jsonReply(200, {});
}
