import { readFile, stat, writeFile } from "node:fs/promises";
import { AuthError } from "@codex-ts/auth-provider";
import { expect, test, vi } from "vitest";
import { bundlePath, config, requirements, startWorkspace } from "./support/start-workspace.js";
import { loginOf } from "./support/workspace-login.js";

const failedText = "Failed to load cloud config bundle (workspace-managed policies).";

test("policies come from the backend once, and from the cache the next time", async () => {
  const { backend, start, readCache } = await startWorkspace();

  const first = await start().load();
  const second = await start().load();

  expect(first).toMatchObject({ origin: "backend", cache: { status: "CacheFileNotFound", level: "none" } });
  expect(second).toMatchObject({ origin: "cache", cache: { status: "Hit" } });
  expect(backend.requests.map(({ method, path }) => [method, path])).toEqual([
    ["GET", "/backend-api/wham/config/bundle"],
  ]);
  expect(first.bundle).toStrictEqual({
    config_toml: { enterprise_managed: [{ id: "config_1", name: "config 1", contents: config }] },
    requirements_toml: {
      enterprise_managed: [{ id: "requirements_1", name: "requirements 1", contents: requirements }],
    },
  });
  expect(second.bundle).toStrictEqual(first.bundle);
  expect(second.requirements?.values).toEqual({ allowed_approval_policies: ["never"] });
  expect(second.configLayers.map(({ config }) => ({ ...config }))).toEqual([{ model: "m1" }]);
  expect((await readCache())?.signed_payload["bundle"]).toStrictEqual(first.bundle);
});

test("the paths of a backend that is not ChatGPT are those of the Codex API", async () => {
  const { backend, start } = await startWorkspace();

  expect((await start({ baseUrl: `${backend.urls.origin}/` }).load()).origin).toBe("backend");
  expect(backend.requests[0]?.path).toBe("/api/codex/config/bundle");
});

test.each([
  [{}],
  [{ config_toml: null, requirements_toml: { enterprise_managed: null } }],
  [{ requirements_toml: { enterprise_managed: [] } }],
])("an empty answer is no policy, and is cached: %j", async (bundle) => {
  const { backend, start, readCache } = await startWorkspace();
  backend.managedConfig.bundle = bundle;

  const loads = [await start().load(), await start().load()];

  expect(loads).toMatchObject([{ origin: "backend" }, { origin: "cache" }]);
  for (const { bundle, requirements, configLayers } of loads)
    expect([bundle, requirements, configLayers]).toEqual([undefined, undefined, []]);
  expect(backend.requests).toHaveLength(1);
  expect((await readCache())?.signed_payload["bundle"]).toStrictEqual({
    config_toml: { enterprise_managed: [] },
    requirements_toml: { enterprise_managed: [] },
  });
});

test("the cache of somebody else is not used, and overwritten", async () => {
  const { backend, login, start, readCache } = await startWorkspace();
  await start().load();
  login.snapshot = loginOf({ userId: "user-2" });

  expect(await start().load()).toMatchObject({
    origin: "backend",
    cache: { status: "CacheIdentityMismatch" },
  });
  expect(backend.requests).toHaveLength(2);
  expect((await readCache())?.signed_payload).toMatchObject({
    chatgpt_user_id: "user-2",
    account_id: "acct-1",
  });
});

test.each(["userId", "accountId"])("without %s the cache is written but never read", async (missing) => {
  const { backend, login, start, readCache } = await startWorkspace();
  login.snapshot = loginOf({ [missing]: undefined });

  const loads = [await start().load(), await start().load()];

  expect(loads.map(({ cache }) => cache?.status)).toEqual([
    "AuthIdentityIncomplete",
    "AuthIdentityIncomplete",
  ]);
  expect(backend.requests).toHaveLength(2);
  expect(Object.values((await readCache())?.signed_payload ?? {})).toContain(null);
});

test("one failure is tried again", async () => {
  const { backend, start, pauses } = await startWorkspace();
  backend.fault({ kind: "status", status: 503, path: bundlePath });

  expect((await start().load()).origin).toBe("backend");
  expect(backend.requests.map(({ status }) => status)).toEqual([503, 200]);
  expect(pauses).toEqual([200]);
});

test.each([
  ["a status", { kind: "status", status: 502 }, 502],
  ["a status that says no", { kind: "status", status: 403 }, 403],
  ["a web page", { kind: "html", status: 200 }, undefined],
  ["a bundle of another shape", { kind: "status", status: 200, body: '{"config_toml":[]}' }, undefined],
  ["a connection that is reset", { kind: "reset" }, undefined],
] as const)("five times %s is an error", async (_name, fault, status) => {
  const { backend, start, pauses, cachePath } = await startWorkspace();
  backend.fault({ ...fault, path: bundlePath, times: 9 });

  await expect(start().load()).rejects.toMatchObject({
    name: "CloudRequirementsError",
    code: "RequestFailed",
    message: failedText,
    status,
    hint: expect.stringContaining("network"),
    cause: expect.anything(),
  });
  expect(backend.requests).toHaveLength(5);
  expect(pauses).toEqual([200, 400, 800, 1600]);
  await expect(stat(cachePath)).rejects.toMatchObject({ code: "ENOENT" });
});

test("the pauses are up to a tenth longer or shorter", async () => {
  const { backend, start, pauses } = await startWorkspace();
  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 9 });
  const randoms = [0, 0.25, 0.75, 0.999_999];

  await expect(start({ random: () => randoms.shift() ?? 0 }).load()).rejects.toThrow(failedText);
  expect(pauses).toEqual([180, 380, 840, 1759]);
});

test("a backend that says when to come back is left alone until then", async () => {
  const { backend, start, pauses } = await startWorkspace();
  backend.fault({ kind: "rate_limit", retryAfter: "2", path: bundlePath });

  expect((await start().load()).origin).toBe("backend");
  expect(pauses).toEqual([2000]);
});

test("a backend that wants to be left alone for longer than the load may take is not asked again", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "rate_limit", retryAfter: "3600", path: bundlePath });

  await expect(start().load()).rejects.toMatchObject({ code: "RequestFailed", status: 429 });
  expect(backend.requests).toHaveLength(1);
});

test("a backend that never answers ends at the time limit", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "stall_headers", path: bundlePath, times: 9 });

  await expect(start({ timeoutMs: 100 }).load()).rejects.toMatchObject({
    code: "Timeout",
    status: undefined,
    message: "timed out waiting for cloud config bundle after 0.1s",
    hint: expect.stringContaining("timeoutMs"),
  });
  await vi.waitFor(() => expect(backend.openSockets).toBe(0));
});

test("the time limit is 15 seconds, and covers a login that cannot be read", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { login, start } = await startWorkspace();
    login.onRead = () => new Promise(() => {});
    const load = start().load();
    const settled = vi.fn();
    load.then(settled, settled);

    await vi.advanceTimersByTimeAsync(14_999);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await expect(load).rejects.toThrow("timed out waiting for cloud config bundle after 15s");
    // Closing has nothing to wait for, though the login is still being read.
  } finally {
    vi.useRealTimers();
  }
});

test("one attempt that hangs does not take the time of the others", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "stall_headers", path: bundlePath });

  expect((await start({ attemptTimeoutMs: 50 }).load()).origin).toBe("backend");
  expect(backend.requests).toHaveLength(2);
});

test.each([
  [
    "config",
    { config: ['model = "secret-value'] },
    /^invalid cloud config bundle: failed to parse cloud config fragment config 1 \(config_1\): line 1, column \d+: /,
  ],
  [
    "requirements",
    { requirements: ["a = 1", "b = secret-value"] },
    /failed to parse cloud requirements fragment requirements 2 \(requirements_2\): line 1, column 5: /,
  ],
  [
    "a path",
    { config: ["log_dir = 7"] },
    /^invalid cloud config bundle: invalid cloud config fragment config 1 \(config_1\): log_dir: expected a path$/,
  ],
  [
    "a kind",
    { requirements: ['allowed_sandbox_modes = "read-only"'] },
    /invalid cloud requirements fragment requirements 1 \(requirements_1\): allowed_sandbox_modes: .*array/,
  ],
])("an invalid bundle is an error at once, and not cached: %s", async (_name, fragments, text) => {
  const { backend, start, cachePath } = await startWorkspace();
  backend.managedConfig.setFragments(fragments);

  const error = await start()
    .load()
    .catch((error: unknown) => error);

  expect(error).toMatchObject({
    code: "InvalidBundle",
    status: undefined,
    message: expect.stringMatching(text),
    hint: expect.stringContaining("administrator"),
  });
  expect(String(error)).not.toContain("secret-value");
  expect(backend.requests).toHaveLength(1);
  await expect(stat(cachePath)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a cached bundle that is invalid is fetched again, and replaced", async () => {
  const { backend, start, cachePath, readCache } = await startWorkspace();
  const { signPayload } = await import("../src/cache-signature.js");
  const { bundleEndpoint } = await import("../src/bundle-endpoint.js");
  await start().load();
  const payload = JSON.parse(
    JSON.stringify((await readCache())?.signed_payload).replace('model = \\"m1\\"', "model ="),
  );
  const signature = signPayload(payload, bundleEndpoint.cache.hmacKey);
  await writeFile(cachePath, JSON.stringify({ signed_payload: payload, signature }));

  expect(await start().load()).toMatchObject({ origin: "backend", cache: { status: "CacheInvalidBundle" } });
  expect(backend.requests).toHaveLength(2);
  expect(await readFile(cachePath, "utf8")).toContain('model = \\"m1\\"');
});

test("a login that cannot be read is an error, with its own words", async () => {
  const { backend, login, start } = await startWorkspace();
  login.onRead = () => {
    throw Object.assign(new Error("the login in /home/me is damaged; sign in again"), {
      kind: "invalid_login",
    });
  };

  await expect(start().load()).rejects.toMatchObject({
    code: "Auth",
    message: "the login in /home/me is damaged; sign in again",
    hint: "Sign out and sign in again.",
  });
  expect(backend.requests).toEqual([]);
});

test("a login that cannot be read for now is read again", async () => {
  const { login, start, pauses } = await startWorkspace();
  let failures = 2;
  login.onRead = () => {
    failures -= 1;
    if (failures >= 0) throw new AuthError("the token endpoint is down", { kind: "transient" });
  };

  expect((await start().load()).origin).toBe("backend");
  expect(pauses).toEqual([200, 400]);
});

test("a login that cannot be read five times is a failure of the network, not of the login", async () => {
  const { login, start, pauses } = await startWorkspace();
  login.onRead = () => {
    throw Object.assign(new Error("the token endpoint is down"), {
      kind: "refresh_unavailable",
      retryable: true,
    });
  };

  await expect(start().load()).rejects.toMatchObject({
    code: "RequestFailed",
    message: failedText,
    cause: { message: "the token endpoint is down" },
  });
  expect([login.reads, pauses.length]).toEqual([5, 4]);
});
