import { createPrivateKey, sign } from "node:crypto";
import { stat, writeFile } from "node:fs/promises";
import type { AuthSnapshot } from "@codex-ts/auth-provider";
import type { Backend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import type { CacheReading } from "../src/index.js";
import { vectors } from "./support/read-vectors.js";
import { startWorkspace } from "./support/start-workspace.js";
import { loginOf } from "./support/workspace-login.js";

type Case = readonly [mode: string, plan: string | undefined, isEligible: boolean];

const cases: readonly Case[] = [
  ...vectors.eligibility.map(
    ({ auth_mode, plan, eligible }): Case => [auth_mode, plan ?? undefined, eligible],
  ),
  ["chatgpt", "enterprise", true],
  ["chatgpt", "education", true],
  ["chatgpt", "pro", false],
  ["chatgpt", "unknown", false],
  ["chatgpt", "constructor", false],
  ["personalAccessToken", "business", true],
  ["agentIdentity", "business", true],
  ["agentIdentity", "team", false],
  // A key that somebody has given a plan is a key still.
  ["apikey", "enterprise", false],
  // Plans of August 2026.
  ["chatgpt", "ent26", true],
  ["chatgpt", "enterprise_cbp_automation", true],
  ["chatgpt", "self_serve_business_prolite", false],
];

test.each(cases)("a login of mode %s with plan %s: policies %s", async (mode, planType, isEligible) => {
  const { backend, login, start, cachePath } = await startWorkspace();
  login.snapshot = loginOf({ planType }, { mode, usesCodexBackend: mode !== "apikey" });
  const readings: CacheReading[] = [];

  const policies = await start({ telemetry: { onCacheRead: (reading) => readings.push(reading) } }).load();

  const isCached = await stat(cachePath).then(
    () => true,
    () => false,
  );
  expect({ origin: policies.origin, isCached }).toEqual({
    origin: isEligible ? "backend" : "none",
    isCached: isEligible,
  });
  expect([backend.requests.length, readings.length]).toEqual(isEligible ? [1, 1] : [0, 0]);
  expect(policies.bundle === undefined).toBe(!isEligible);
});

test("nobody signed in: no policies, no request, and the cache stays as it is", async () => {
  const { backend, login, start, cachePath } = await startWorkspace();
  login.snapshot = undefined;
  await writeFile(cachePath, "as it is");

  expect(await start().load()).toMatchObject({ origin: "none", bundle: undefined, cache: undefined });
  expect(backend.requests).toEqual([]);
  expect((await stat(cachePath)).size).toBe("as it is".length);
});

test("the endpoint of April 2026 has nothing for schools", async () => {
  const { backend, login, start } = await startWorkspace();
  login.snapshot = loginOf({ planType: "edu" });

  expect((await start({ endpoint: "config/requirements" }).load()).origin).toBe("none");
  expect(backend.requests).toEqual([]);
});

test("an Agent Identity of a business gets its policies with a signed request", async () => {
  const { backend, login, start, readCache } = await startWorkspace();
  login.snapshot = agentLogin(backend);

  const policies = await start().load();

  expect(policies).toMatchObject({ origin: "backend", requirements: { values: expect.anything() } });
  expect(backend.requests[0]?.auth).toMatchObject({ kind: "agentAssertion" });
  const { account } = login.snapshot;
  expect((await readCache())?.signed_payload).toMatchObject({
    chatgpt_user_id: account.userId,
    account_id: account.accountId,
  });
});

/** Signs as an Agent Identity does, in the words of the specification. */
function agentLogin(backend: Backend): AuthSnapshot {
  const agent = backend.registerAgent({ plan_type: "business" });
  const der = Buffer.from(agent.agent_private_key, "base64");
  // The seed stands in the first 48 bytes of a version 2 key; Node 20 reads version 1 only.
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const seed = der.subarray(prefix.length, prefix.length + 32);
  const key = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
  return loginOf(
    { accountId: agent.account_id, userId: agent.chatgpt_user_id, planType: agent.plan_type },
    {
      mode: "agentIdentity",
      provider: {
        addAuthHeaders(headers) {
          const timestamp = new Date().toISOString().replace(/\.\d+Z$/, "Z");
          const { agent_runtime_id, task_id } = agent;
          const signed = Buffer.from(`${agent_runtime_id}:${task_id}:${timestamp}`);
          const signature = sign(null, signed, key).toString("base64");
          const envelope = JSON.stringify({ agent_runtime_id, signature, task_id, timestamp });
          headers.set("authorization", `AgentAssertion ${Buffer.from(envelope).toString("base64url")}`);
          headers.set("chatgpt-account-id", agent.account_id);
        },
      },
    },
  );
}
