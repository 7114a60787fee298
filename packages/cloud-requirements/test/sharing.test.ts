import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { CloudRequirements } from "../src/index.js";
import { bundleChild } from "./support/child-program.js";
import { bundlePath, startWorkspace } from "./support/start-workspace.js";

test("loads at once and once for all who ask", async () => {
  const { backend, start } = await startWorkspace();
  const cloud = start();
  await backend.waitForRequests(1);

  const all = await Promise.all(Array.from({ length: 50 }, () => cloud.load()));

  expect(new Set(all).size).toBe(1);
  expect(backend.requests).toHaveLength(1);
});

test("all who ask share the error, too", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "status", status: 404, path: bundlePath, times: 5 });
  const cloud = start();

  const errors = await Promise.all([1, 2, 3].map(() => cloud.load().catch((error: unknown) => error)));

  expect(new Set(errors).size).toBe(1);
  expect(errors[0]).toMatchObject({ code: "RequestFailed", status: 404 });
  expect(backend.requests).toHaveLength(5);
});

test("a failure that nobody asks about is no unhandled rejection", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 9 });
  const onLoad = vi.fn();
  start({ telemetry: { onLoad } });
  await vi.waitFor(() => expect(onLoad).toHaveBeenCalled());
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test("one who gives up leaves the others their load", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "drip", bytes: 16, intervalMs: 2, path: bundlePath });
  const cloud = start();
  const controller = new AbortController();
  const reason = new Error("no time");

  const impatient = cloud.load({ signal: controller.signal });
  const patient = cloud.load();
  await backend.waitForRequests(1);
  controller.abort(reason);

  await expect(impatient).rejects.toMatchObject({ code: "Aborted", cause: reason });
  expect((await patient).origin).toBe("backend");
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  await expect(cloud.load({ signal: controller.signal })).rejects.toMatchObject({ code: "Aborted" });
});

test("one who wants to go on without policies may, and learns why there are none", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 5 });
  const cloud = start({ onFailure: "open", refreshIntervalMs: 20 });

  expect(await cloud.load()).toMatchObject({
    origin: "unavailable",
    bundle: undefined,
    configLayers: [],
    requirements: undefined,
    error: { code: "RequestFailed", status: 500 },
  });

  const { value } = await cloud.changes().next();
  expect(value).toMatchObject({ origin: "backend", error: undefined });
});

test("a refresh says that it failed, also to one who goes on without policies", async () => {
  const { backend, start } = await startWorkspace();
  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 10 });
  const cloud = start({ onFailure: "open" });
  await cloud.load();
  await expect(cloud.refresh()).rejects.toMatchObject({ code: "RequestFailed" });
});

test("closing ends a load in the middle, and leaves no connection and no cache", async () => {
  const { backend, start, readCache } = await startWorkspace();
  backend.fault({ kind: "stall", afterBytes: 10, path: bundlePath });
  const cloud = start();
  const load = cloud.load();
  await backend.waitForRequests(1);

  await cloud.close();

  await expect(load).rejects.toMatchObject({ code: "Closed" });
  await expect(cloud.load()).rejects.toMatchObject({ code: "Closed" });
  await expect(cloud.refresh()).rejects.toMatchObject({ code: "Closed" });
  await vi.waitFor(() => expect(backend.openSockets).toBe(0));
  expect(await readCache()).toBeUndefined();
});

test("closing when the answer has just come leaves no cache", async () => {
  const { start, readCache } = await startWorkspace();
  const cloud = start({ telemetry: { onFetchAttempt: () => void cloud.close() } });

  await expect(cloud.load()).rejects.toMatchObject({ code: "Closed" });
  await cloud.close();
  // Whatever still ran would have written by now.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await readCache()).toBeUndefined();
});

test("closing waits for a cache that is being written", async () => {
  const { backend, start, home } = await startWorkspace();
  backend.managedConfig.setFragments({ config: [`model = "m" # ${"x".repeat(3_000_000)}`] });
  const cloud = start();
  while ((await readdir(home)).length === 0);

  await cloud.close();

  expect(await readdir(home)).toEqual(["cloud-config-bundle-cache.json"]);
});

test("closing is an error to one who goes on without policies, too", async () => {
  const { login, start } = await startWorkspace();
  login.onRead = () => new Promise(() => {});
  const cloud = start({ onFailure: "open" });
  await cloud.close();
  await expect(cloud.load()).rejects.toMatchObject({ code: "Closed" });
});

test("nobody who has waited is listened to any more", async () => {
  const { start } = await startWorkspace();
  const { signal } = new AbortController();
  const cloud = start();
  await cloud.load({ signal });
  await cloud.refresh({ signal });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("closing ends a pause between attempts, and a login that is being read", async () => {
  const { backend, login, start } = await startWorkspace();
  backend.fault({ kind: "status", status: 500, path: bundlePath });
  const pausing = start({ sleep: () => new Promise(() => {}) });
  await vi.waitFor(() => expect(backend.requests[0]?.status).toBe(500));
  await pausing.close();
  await expect(pausing.load()).rejects.toMatchObject({ code: "Closed" });

  login.onRead = () => new Promise(() => {});
  const reading = start();
  await reading.close();
  await expect(reading.load()).rejects.toMatchObject({ code: "Closed" });
});

test("what nobody has thought of is an error, too", async () => {
  const { start } = await startWorkspace();
  await start().load();

  await expect(start({ clock: () => Number.NaN }).load()).rejects.toMatchObject({
    code: "Internal",
    message: "cloud config bundle load failed: RangeError",
    cause: expect.any(RangeError),
  });
});

test("after closing nothing is asked, and what was loaded can be read", async () => {
  const { backend, login, start } = await startWorkspace();
  const onLoad = vi.fn();
  const cloud = start({ refreshIntervalMs: 5, telemetry: { onLoad } });
  const policies = await cloud.load();
  await cloud.close();
  await cloud.close();
  const { reads } = login;
  onLoad.mockClear();

  await new Promise((resolve) => setTimeout(resolve, 30));

  expect(login.reads).toBe(reads);
  expect(onLoad).not.toHaveBeenCalled();
  expect(await cloud.load()).toBe(policies);
  expect(backend.requests.length).toBeLessThan(3);
});

test("a process that has loaded ends by itself, without closing", async () => {
  const { backend, home } = await startWorkspace();
  const program = await bundleChild("load-and-exit");

  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [program, backend.urls.chatgpt, home],
    { timeout: 30_000 },
  );

  expect([stdout, stderr]).toEqual(["backend", ""]);
  expect(await readFile(`${home}/cloud-config-bundle-cache.json`, "utf8")).toContain("signed_payload");
});

test.each([
  [
    { baseUrl: "https://example.test/backend-api" },
    /"baseUrl" is at https:\/\/example.test, .* "allowedOrigins"/,
  ],
  [{ baseUrl: "https://user:secret-value@example.test" }, /"baseUrl" must not hold a user name or password/],
  [{ home: "" }, /"home" must be a folder/],
  [{ endpoint: "config" as "config/bundle" }, /"endpoint" must be/],
  [{ onFailure: "maybe" as "open" }, /"onFailure" must be/],
  [{ timeoutMs: 0 }, /"timeoutMs" must be a positive number/],
  [{ attemptTimeoutMs: Number.NaN }, /"attemptTimeoutMs" must be/],
  [{ refreshIntervalMs: -1 }, /"refreshIntervalMs" must be/],
])("options that cannot be are refused at once: %j", async (options, text) => {
  const { transport, login, home, backend } = await startWorkspace();
  const start = () =>
    CloudRequirements.start({ transport, auth: login, home, baseUrl: backend.urls.chatgpt, ...options });

  expect(start).toThrow(TypeError);
  expect(start).toThrow(text);
  expect(start).not.toThrow("secret-value");
  expect(backend.requests).toEqual([]);
});
