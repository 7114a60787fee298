import type { OAuthIssuer } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import {
  AuthManager,
  type AuthManagerOptions,
  createOAuthProfile,
  type OAuthProfile,
} from "../../src/index.js";
import { profileOf } from "./issuer.js";

/** Endpoints where nobody listens, so that no test goes to the real ones. */
export const deadProfile: OAuthProfile = createOAuthProfile("http://127.0.0.1:9");

/** A manager of one test, closed when that is over. It sees no environment, and waits for nobody. */
export async function managerOf(
  home: string,
  issuer: OAuthIssuer | undefined,
  options: AuthManagerOptions = {},
): Promise<AuthManager> {
  const manager = await AuthManager.open({
    home,
    environment: {},
    reuseGraceMs: 0,
    profile: issuer === undefined ? deadProfile : profileOf(issuer),
    ...options,
  });
  onTestFinished(() => manager.close());
  return manager;
}
