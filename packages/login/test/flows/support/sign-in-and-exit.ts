import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOAuthIssuer } from "@codex-ts/testkit";
import { createOAuthProfile, loginWithBrowser, loginWithDeviceCode } from "../../../src/index.js";
import { ask } from "./ask.js";

// Signs in every way there is, with limits far above the time that a test may take, and then has nothing left to do.

async function walk(url: string): Promise<void> {
  const { headers } = await ask(url);
  if (headers.location !== undefined) await walk(headers.location);
}

const issuer = await startOAuthIssuer({ devicePendingPolls: 1 });
const home = await mkdtemp(join(tmpdir(), "codex-ts-login-"));
const profile = createOAuthProfile(issuer.urls.issuer, { redirectPorts: [0] });
const login = { home, profile, environment: {} };
const limits = { timeoutMs: 3_600_000, successPageTimeoutMs: 3_600_000 };
const completed = await loginWithBrowser({ ...login, ...limits, openUrl: walk });
await loginWithDeviceCode({ ...login, onUserCode: () => {}, pause: async () => {} });
const controller = new AbortController();
const givenUp = loginWithBrowser({
  ...login,
  ...limits,
  signal: controller.signal,
  openUrl: () => controller.abort(),
});
await givenUp.catch(() => {});
await issuer.close();
await rm(home, { recursive: true });
const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout");
process.stdout.write(`${completed.mode}, ${timers.length} timers left`);
