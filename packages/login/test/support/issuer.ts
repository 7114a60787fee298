import { type OAuthIssuer, type OAuthIssuerOptions, startOAuthIssuer } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { createOAuthProfile, type OAuthProfile } from "../../src/index.js";

/** An issuer of one test, closed when that is over. */
export async function issuerOfTest(options?: OAuthIssuerOptions): Promise<OAuthIssuer> {
  const issuer = await startOAuthIssuer(options);
  onTestFinished(() => issuer.close());
  return issuer;
}

export function profileOf(issuer: OAuthIssuer): OAuthProfile {
  return createOAuthProfile(issuer.urls.issuer);
}
