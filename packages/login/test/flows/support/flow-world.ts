import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OAuthIssuer, type OAuthIssuerOptions, startOAuthIssuer } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import type { LoginOptions } from "../../../src/logins/login-context.js";
import { createOAuthProfile, type OAuthProfile } from "../../../src/oauth/oauth-profile.js";

/** An issuer, and a home folder that signs in there. */
export interface FlowWorld {
  readonly issuer: OAuthIssuer;
  readonly home: string;
  readonly profile: OAuthProfile;
  /** What every sign-in of this world is given. */
  readonly login: LoginOptions;
  readonly authFile: string;
  /** Reads auth.json; nothing when there is none. */
  readAuth(): Promise<Record<string, unknown> | undefined>;
}

/** Opens a world that is gone when the test is. */
export async function openFlowWorld(options: OAuthIssuerOptions = {}): Promise<FlowWorld> {
  const issuer = await startOAuthIssuer(options);
  const parent = await mkdtemp(join(tmpdir(), "codex-ts-login-"));
  onTestFinished(async () => {
    await issuer.close();
    await rm(parent, { recursive: true, force: true });
  });
  // Missing until something is stored.
  const home = join(parent, "home");
  const authFile = join(home, "auth.json");
  const profile = createOAuthProfile(issuer.urls.issuer, { redirectPorts: [0] });
  return {
    issuer,
    home,
    profile,
    login: { home, profile, environment: {} },
    authFile,
    readAuth: async () => {
      const text = await readFile(authFile, "utf8").catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
    },
  };
}
