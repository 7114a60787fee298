import type { OAuthProfile } from "../oauth/oauth-profile.js";
import { encodeForm } from "../oauth/token-endpoint.js";
import { asObject, decodeJwtPayload } from "../tokens/jwt.js";
import type { ExchangedTokens } from "./code-exchange.js";

/** What the address of the success page is made of. */
export interface SuccessUrlOptions {
  readonly profile: OAuthProfile;
  readonly port: number;
  readonly tokens: ExchangedTokens;
  readonly isStreamlined: boolean;
}

/**
 * The address that a browser is sent to once its login is stored, so that the code does not stay in its history. It
 * carries what a page needs to offer the setup of an account. The id token, which the reference puts there as well,
 * is left out for the same reason.
 */
export function successUrl({ profile, port, tokens, isStreamlined }: SuccessUrlOptions): string {
  const claims = authClaims(tokens.idToken);
  const isSetUp = claims["completed_platform_onboarding"] === true;
  const query = encodeForm({
    needs_setup: String(!isSetUp && claims["is_org_owner"] === true),
    org_id: textOf(claims["organization_id"]),
    project_id: textOf(claims["project_id"]),
    plan_type: textOf(authClaims(tokens.accessToken)["chatgpt_plan_type"]),
    platform_url: profile.platformUrl,
    ...(isStreamlined ? { [streamlinedParameter]: "true" } : undefined),
  });
  return `http://${profile.redirectHost}:${port}${successPath}?${query}`;
}

/** The path of the success page. */
export const successPath = "/success";

/** Tells the success page to be brief. */
export const streamlinedParameter = "codex_streamlined_login";

/** Claims that only a sign-in looks at. Nothing, for an access token that is no JWT. */
function authClaims(jwt: string): Record<string, unknown> {
  try {
    return asObject(decodeJwtPayload(jwt)["https://api.openai.com/auth"]) ?? {};
  } catch {
    return {};
  }
}

function textOf(claim: unknown): string {
  // Half a character, which JSON can carry, cannot be percent-encoded.
  return typeof claim === "string" ? claim.replace(/\p{Cs}/gu, "\ufffd") : "";
}
