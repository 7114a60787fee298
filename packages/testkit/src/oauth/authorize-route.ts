import { jsonReply, type Reply } from "../reply.js";
import type { IssuerState } from "./issuer-state.js";
import type { RecordedOAuthRequest } from "./oauth-request.js";

const required = ["client_id", "redirect_uri", "scope", "code_challenge", "state"] as const;

/** `GET /oauth/authorize`: the user approves at once, or is turned away, and goes back to the client. */
export function authorize({ query }: RecordedOAuthRequest, state: IssuerState): Reply {
  for (const name of required) {
    if (!query.get(name)) return jsonReply(400, { error: "invalid_request", error_description: name });
  }
  const asExpected =
    query.get("client_id") === state.clientId &&
    query.get("response_type") === "code" &&
    query.get("code_challenge_method") === "S256";
  if (!asExpected) return jsonReply(400, { error: "invalid_request" });
  const redirectUri = query.get("redirect_uri") ?? "";
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(outcome(query, redirectUri, state))) {
    target.searchParams.set(name, value);
  }
  target.searchParams.set("state", query.get("state") ?? "");
  return { status: 302, headers: { location: target.href }, body: Buffer.alloc(0) };
}

function outcome(query: URLSearchParams, redirectUri: string, state: IssuerState): Record<string, string> {
  const { denial } = state;
  if (denial !== undefined) {
    const { error, errorDescription } = denial;
    return errorDescription === undefined ? { error } : { error, error_description: errorDescription };
  }
  const codeChallenge = query.get("code_challenge") ?? "";
  return { code: state.vault.issueCode({ account: state.account(), redirectUri, codeChallenge }) };
}
