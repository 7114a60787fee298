import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleEndpoint } from "../src/bundle-endpoint.js";
import { signPayload } from "../src/cache-signature.js";
import type { PolicyEndpointPath } from "../src/index.js";
import { requirementsEndpoint } from "../src/requirements-endpoint.js";
import { type CacheVector, vectors } from "./support/read-vectors.js";
import { asChatgpt, startWorkspace } from "./support/start-workspace.js";
import { loginOf } from "./support/workspace-login.js";

async function loadWith(vector: CacheVector, endpoint: PolicyEndpointPath, fileName: string) {
  const workspace = await startWorkspace();
  const { backend, login, home } = workspace;
  const { chatgpt_user_id: userId, account_id: accountId } = vector.request_identity;
  login.snapshot = loginOf({ userId: userId ?? undefined, accountId: accountId ?? undefined });
  if (vector.file !== null) await writeFile(join(home, fileName), JSON.stringify(vector.file));
  backend.managedConfig.requirements = { contents: "" };
  const policies = await workspace
    .start({
      endpoint,
      baseUrl: "https://chatgpt.com/backend-api/",
      transport: asChatgpt(workspace.transport, backend),
      clock: () => Date.parse(vector.now),
    })
    .load();
  return { policies, requests: backend.requests };
}

test.each(vectors.load)("cache: $name", async (vector) => {
  const { policies, requests } = await loadWith(vector, "config/bundle", vectors.file_name);
  const { status, bundle, version } = vector.expected;
  if (status === "hit") {
    expect(policies).toMatchObject({ origin: "cache", cache: { status: "Hit" } });
    expect(policies.bundle ?? null).toStrictEqual(bundle);
    expect(requests).toEqual([]);
  } else {
    expect(policies).toMatchObject({ origin: "backend", cache: { status } });
    expect(policies.cache?.version).toBe(version);
    expect(policies.cache?.message).toBe(vectors.status_messages[status] ?? policies.cache?.message);
    expect(requests.map(({ path }) => path)).toEqual(["/backend-api/wham/config/bundle"]);
  }
});

test.each(vectors.april_2026.load)("cache of April 2026: $name", async (vector) => {
  const april = vectors.april_2026;
  const { policies, requests } = await loadWith(vector, "config/requirements", april.file_name);
  const isHit = vector.expected.status === "hit";
  expect(policies.cache?.status).toBe(isHit ? "Hit" : vector.expected.status);
  expect(requests).toHaveLength(isHit ? 0 : 1);
  const signed = (vector.file as { signed_payload: { contents: string | null } }).signed_payload;
  if (isHit)
    expect(policies.bundle?.requirements_toml.enterprise_managed[0]?.contents ?? null).toBe(signed.contents);
});

test.each(vectors.signatures)("signs $signature", ({ payload, canonical_json, signature }) => {
  expect(JSON.stringify(payload)).toBe(canonical_json);
  expect(signPayload(payload, vectors.hmac_key_utf8)).toBe(signature);
});

test("keys, names and lifetimes of the caches are those of the vectors", () => {
  const facts = ({ cache }: typeof bundleEndpoint) => [cache.fileName, cache.hmacKey, cache.ttlMs / 1000];
  const { april_2026: april } = vectors;
  expect(facts(bundleEndpoint)).toEqual([vectors.file_name, vectors.hmac_key_utf8, vectors.ttl_seconds]);
  expect(facts(requirementsEndpoint)).toEqual([april.file_name, april.hmac_key_utf8, april.ttl_seconds]);
});
