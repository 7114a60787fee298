import type { OAuthIssuer } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { AuthManager, type AuthManagerOptions } from "../../src/index.js";
import { profileOf } from "./issuer.js";

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
    ...(issuer === undefined ? undefined : { profile: profileOf(issuer) }),
    ...options,
  });
  onTestFinished(() => manager.close());
  return manager;
}
