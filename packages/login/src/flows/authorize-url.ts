import type { OAuthProfile } from "../oauth/oauth-profile.js";
import { encodeForm } from "../oauth/token-endpoint.js";

/** What one sign-in puts into its authorization request. */
export interface AuthorizationRequest {
  readonly profile: OAuthProfile;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly state: string;
  /** Names the program that asks. */
  readonly originator: string;
  /** The workspaces that may be signed in to. Empty: all. */
  readonly workspaceIds: readonly string[];
}

/** The address at which a person approves a sign-in. */
export function authorizeUrl(request: AuthorizationRequest): string {
  const { profile, redirectUri, codeChallenge, state, originator, workspaceIds } = request;
  const query = encodeForm({
    response_type: "code",
    client_id: profile.clientId,
    redirect_uri: redirectUri,
    scope: profile.scopes.join(" "),
    code_challenge: codeChallenge,
    code_challenge_method: "S256",
    ...profile.authorizeParameters,
    state,
    originator,
    ...(workspaceIds.length === 0 ? undefined : { allowed_workspace_id: workspaceIds.join(",") }),
  });
  return `${profile.authorizeUrl}?${query}`;
}
