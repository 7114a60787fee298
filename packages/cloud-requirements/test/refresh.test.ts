import { expect, test, vi } from "vitest";
import type { CloudPolicies, LoadReport } from "../src/index.js";
import { bundlePath, startWorkspace } from "./support/start-workspace.js";
import { loginOf } from "./support/workspace-login.js";

const refreshIntervalMs = 20;

function modelOf({ configLayers }: CloudPolicies): unknown {
  return configLayers[0]?.config["model"];
}

test("policies are asked for again, and take the place of those before", async () => {
  const { backend, start, readCache } = await startWorkspace();
  const cloud = start({ refreshIntervalMs });
  expect(modelOf(await cloud.load())).toBe("m1");
  const changes = cloud.changes();

  backend.managedConfig.setFragments({ config: ['model = "m2"'] });
  const { value } = await changes.next();

  expect(modelOf(value)).toBe("m2");
  expect(await cloud.load()).toBe(value);
  expect(JSON.stringify(await readCache())).toContain("m2");
});

test("a cache is no reason not to ask again", async () => {
  const { backend, start } = await startWorkspace();
  await start().load();
  const cloud = start();
  expect((await cloud.load()).origin).toBe("cache");

  backend.managedConfig.setFragments({ config: ['model = "m2"'] });

  expect(modelOf(await cloud.refresh())).toBe("m2");
  expect(backend.requests).toHaveLength(2);
});

test("policies that are the same are no change", async () => {
  const { backend, start } = await startWorkspace();
  const cloud = start();
  await cloud.load();
  const changes = cloud.changes();
  const next = vi.fn();
  const reading = changes.next().then(next);

  await cloud.refresh();
  await cloud.refresh();
  expect(next).not.toHaveBeenCalled();
  backend.managedConfig.setFragments({});
  await cloud.refresh();
  await reading;

  expect(next.mock.calls).toMatchObject([[{ done: false, value: { bundle: undefined } }]]);
});

test("a refresh that fails leaves what is in force, and goes on", async () => {
  const { backend, start } = await startWorkspace();
  const loads: LoadReport[] = [];
  const cloud = start({ refreshIntervalMs, telemetry: { onLoad: (report) => loads.push(report) } });
  await cloud.load();

  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 10 });
  await vi.waitFor(() => expect(loads.length).toBeGreaterThan(3));

  expect(loads.slice(1, 4)).toMatchObject([
    { trigger: "refresh", outcome: "error", error: { code: "RequestFailed" } },
    { trigger: "refresh", outcome: "error", error: { code: "RequestFailed" } },
    { trigger: "refresh", outcome: "success", error: undefined },
  ]);
  expect(modelOf(await cloud.load())).toBe("m1");
});

test("a refresh mends a first load that failed", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 5 });
  const cloud = start({ refreshIntervalMs });
  await expect(cloud.load()).rejects.toMatchObject({ code: "RequestFailed", status: 500 });

  const { value } = await cloud.changes().next();

  expect(modelOf(value)).toBe("m1");
  expect(await cloud.load()).toBe(value);
});

test("a later failure takes the place of an earlier one", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 5 });
  backend.fault({ kind: "status", status: 403, path: bundlePath, times: 5 });
  const cloud = start();
  await expect(cloud.load()).rejects.toMatchObject({ status: 500 });
  await expect(cloud.refresh()).rejects.toMatchObject({ status: 403 });
  await expect(cloud.load()).rejects.toMatchObject({ status: 403 });
});

test("a login that is under no policies any more ends the asking", async () => {
  const { backend, login, start } = await startWorkspace();
  const cloud = start({ refreshIntervalMs });
  await cloud.load();
  login.snapshot = loginOf({ planType: "plus" });

  const { value } = await cloud.changes().next();
  expect(value).toMatchObject({ origin: "none", bundle: undefined });
  const { reads } = login;
  await new Promise((resolve) => setTimeout(resolve, 3 * refreshIntervalMs));
  expect(login.reads).toBe(reads);

  // Until somebody says that it is another one.
  login.snapshot = loginOf();
  expect((await cloud.refresh()).origin).toBe("backend");
  const requests = backend.requests.length;
  await backend.waitForRequests(requests + 2);
});

test("a login that cannot be read leaves what is in force", async () => {
  const { login, start } = await startWorkspace();
  const cloud = start();
  const policies = await cloud.load();
  login.onRead = () => {
    throw new Error("damaged");
  };

  await expect(cloud.refresh()).rejects.toMatchObject({ code: "Auth" });
  expect(await cloud.load()).toBe(policies);
});

test.each([
  ["closed", { userId: "user-2" }],
  ["closed", { accountId: "acct-2" }],
  ["open", { userId: "user-2" }],
] as const)("nobody goes by the policies of the login before, fail-%s: %j", async (onFailure, account) => {
  const { backend, login, start } = await startWorkspace();
  const cloud = start({ onFailure });
  await cloud.load();
  login.snapshot = loginOf(account);
  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 5 });

  await expect(cloud.refresh()).rejects.toMatchObject({ code: "RequestFailed" });

  const load = cloud.load();
  if (onFailure === "closed") await expect(load).rejects.toMatchObject({ code: "RequestFailed" });
  else expect(await load).toMatchObject({ origin: "unavailable", bundle: undefined });
});

test.each([undefined, loginOf({ planType: "plus" })])(
  "one who has just signed in to a workspace is not free of policies because they cannot be had",
  async (before) => {
    const { backend, login, start } = await startWorkspace();
    login.snapshot = before;
    const cloud = start();
    expect((await cloud.load()).origin).toBe("none");
    login.snapshot = loginOf();
    backend.fault({ kind: "status", status: 500, path: bundlePath, times: 5 });

    await expect(cloud.refresh()).rejects.toMatchObject({ code: "RequestFailed" });
    await expect(cloud.load()).rejects.toMatchObject({ code: "RequestFailed" });
    expect(modelOf(await cloud.refresh())).toBe("m1");
  },
);

test("a refresh after a sign-in is for the new login, also when one for the old is under way", async () => {
  const { backend, login, start } = await startWorkspace();
  const cloud = start();
  await cloud.load();
  backend.fault({ kind: "drip", bytes: 64, intervalMs: 5, path: bundlePath });
  const old = cloud.refresh();
  await backend.waitForRequests(2);

  login.snapshot = loginOf({ accountId: "acct-2" }, {}, "token-2");
  backend.managedConfig.setFragments({ config: ['model = "of the new"'] });

  expect(modelOf(await cloud.refresh())).toBe("of the new");
  expect(await old).toBe(await cloud.load());
});

test("those who ask for a refresh at once share one", async () => {
  const { backend, start } = await startWorkspace();
  const cloud = start();
  await cloud.load();

  const all = await Promise.all(Array.from({ length: 20 }, () => cloud.refresh()));

  expect(new Set(all).size).toBe(1);
  expect(backend.requests).toHaveLength(2);
});

test("a refresh keeps to the time limit", async () => {
  const { backend, start } = await startWorkspace();
  const cloud = start({ timeoutMs: 500 });
  await cloud.load();
  backend.fault({ kind: "stall_headers", path: bundlePath });

  await expect(cloud.refresh()).rejects.toMatchObject({ code: "Timeout" });
  expect(modelOf(await cloud.load())).toBe("m1");
});

test("readers that leave, or are told to, are gone", async () => {
  const { backend, start } = await startWorkspace();
  const cloud = start({ refreshIntervalMs });
  await cloud.load();
  const controller = new AbortController();
  const seen: unknown[] = [];
  const ended = (async () => {
    for await (const policies of cloud.changes(controller.signal)) {
      seen.push(modelOf(policies));
      controller.abort();
    }
  })();
  const left = (async () => {
    for await (const policies of cloud.changes()) return modelOf(policies);
    return "ended";
  })();

  backend.managedConfig.setFragments({ config: ['model = "m2"'] });
  await ended;

  expect([seen, await left]).toEqual([["m2"], "m2"]);
});

test("closing ends readers that wait", async () => {
  const { start } = await startWorkspace();
  const cloud = start();
  await cloud.load();
  const next = cloud.changes().next();

  await cloud.close();

  expect(await next).toEqual({ done: true, value: undefined });
});
