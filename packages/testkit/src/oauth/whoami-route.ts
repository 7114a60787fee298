import { jsonReply, type Reply } from "../reply.js";
import type { IssuerState } from "./issuer-state.js";
import type { RecordedOAuthRequest } from "./oauth-request.js";

/** `GET …/v1/user-auth-credential/whoami`: tells whose personal access token it is. */
export function whoami({ headers }: RecordedOAuthRequest, { vault }: IssuerState): Reply {
  const [scheme, credential = ""] = headers.authorization?.split(" ") ?? [];
  const owner = scheme === "Bearer" ? vault.ownerOf(credential) : undefined;
  if (owner === undefined) return jsonReply(403, { error: { message: "The token is not known." } });
  return jsonReply(200, {
    email: owner.email,
    chatgpt_user_id: owner.userId,
    chatgpt_account_id: owner.accountId,
    chatgpt_plan_type: owner.planType,
    chatgpt_account_is_fedramp: owner.isFedramp,
  });
}
