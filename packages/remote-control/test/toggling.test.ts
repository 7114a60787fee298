import { expect, test } from "vitest";
import { DesiredState } from "../src/desired-state.js";
import { startRemoteControl, takeStartup } from "../src/index.js";
import { accountA, accountB } from "./support/login.js";
import { openWorld, untilStatus, type World } from "./support/world.js";

const row = { serverId: "srv", environmentId: "env", serverName: "n", updatedAt: 0 };

test.each([true, false, null, undefined])("starts as it is stored: %s", async (isEnabled) => {
  const world = await openWorld({ startup: "persisted" });
  if (isEnabled !== undefined) await world.store.save(world.keyOf("account-a"), { ...row, isEnabled });
  let reads = 0;
  const load: typeof world.store.load = (key) => {
    reads += 1;
    return world.store.load(key);
  };
  const store = { load, save: world.store.save.bind(world.store) };
  const control = await world.start({ store });
  if (isEnabled) await untilStatus(control, "connected");
  await expect.poll(() => reads).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(control.status.status).toBe(isEnabled ? "connected" : "disabled");
  expect(world.backend.requests.length > 0).toBe(isEnabled === true);
});

test("the stored preference is asked for until there is a login to ask for", async () => {
  const world = await openWorld({ startup: "persisted" });
  await world.store.save(world.keyOf("account-a"), { ...row, isEnabled: true });
  world.login.identity = undefined;
  const control = await world.start();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(control.status.status).toBe("disabled");
  world.login.identity = accountA;
  await untilStatus(control, "connected");
});

test("a start that is told to be off leaves what is stored", async () => {
  const world = await openWorld({ startup: "disabled" });
  const key = world.keyOf("account-a");
  await world.store.save(key, { ...row, isEnabled: true });
  const control = await world.start();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([control.status.status, (await world.store.load(key))?.isEnabled]).toEqual(["disabled", true]);
  expect(world.backend.requests).toEqual([]);
});

test("managed requirements beat everything, and the backend never hears of it", async () => {
  const world = await openWorld({ startup: "persisted", isAllowed: false });
  await world.store.save(world.keyOf("account-a"), { ...row, isEnabled: true });
  const control = await world.start();
  const refusal = {
    kind: "permission_denied",
    code: "disabled_by_requirements",
    message: "remote control is disabled by managed requirements",
  };
  for (const call of [
    control.enable(),
    control.enable({ ephemeral: true }),
    control.disable(),
    control.readStatus(),
    control.startPairing(),
    control.isPairingClaimed({ pairingCode: "p" }),
    control.listClients("e"),
    control.revokeClient("e", "c"),
  ])
    await expect(call).rejects.toMatchObject(refusal);
  expect([control.status.status, world.backend.requests.length]).toEqual(["disabled", 0]);
  await expect(world.start({ startup: "enabled" })).rejects.toMatchObject({
    kind: "invalid_input",
    message: refusal.message,
  });
});

test("that they allow it neither enables nor blocks", async () => {
  const world = await openWorld({ startup: "persisted", isAllowed: true });
  const control = await world.start();
  expect(control.status.status).toBe("disabled");
  expect((await control.enable({ ephemeral: true })).status).toBe("connecting");
});

test("switching on for good enrols at once, and is stored", async () => {
  const world = await openWorld({ startup: "persisted" });
  const control = await world.start();
  const status = await control.enable();
  const server = await world.backend.remoteControl.waitForServer();
  expect(status).toMatchObject({ status: "connecting", environmentId: server.environmentId });
  expect(await world.store.load(world.keyOf("account-a"))).toMatchObject({
    serverId: server.serverId,
    isEnabled: true,
  });
  await untilStatus(control, "connected");
  expect((await control.enable()).status).toBe("connected");
  expect(world.backend.remoteControl.servers).toHaveLength(1);
});

test("switching on until the end is not stored, and does not take back what is stored", async () => {
  const world = await openWorld({ startup: "persisted" });
  const control = await world.start();
  await control.enable({ ephemeral: true });
  await untilStatus(control, "connected");
  expect((await world.store.load(world.keyOf("account-a")))?.isEnabled).toBeNull();
  await control.enable();
  await control.enable({ ephemeral: true });
  expect((await world.store.load(world.keyOf("account-a")))?.isEnabled).toBe(true);
});

test("what is on for good stays so when it is switched on until the end", () => {
  const desired = new DesiredState({ kind: "enabled", isStored: true, accountId: "a" });
  desired.enableForNow();
  expect(desired.value).toEqual({ kind: "enabled", isStored: true, accountId: "a" });
  desired.set({ kind: "disabled" });
  desired.enableForNow();
  expect([desired.value, desired.storedFlag]).toEqual([{ kind: "enabled", isStored: false }, null]);
});

test("switching off ends the connection, and on again connects as the same server", async () => {
  const world = await openWorld({ startup: "persisted" });
  const control = await world.start();
  await control.enable();
  await untilStatus(control, "connected");
  const server = await world.backend.remoteControl.waitForServer();
  expect(await control.disable()).toMatchObject({ status: "disabled", environmentId: null });
  await expect.poll(() => server.isConnected).toBe(false);
  expect(server.connections[0]?.closedWith).toBe(1000);
  expect((await world.store.load(world.keyOf("account-a")))?.isEnabled).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(server.connections).toHaveLength(1);
  expect(await control.enable()).toMatchObject({ status: "connecting", environmentId: server.environmentId });
  await server.waitForConnections(2);
  expect(world.backend.remoteControl.servers).toHaveLength(1);
});

test("off and on again without a pause connects anew", async () => {
  const world = await openWorld();
  const control = await world.start();
  await untilStatus(control, "connected");
  const server = await world.backend.remoteControl.waitForServer();
  void control.disable({ ephemeral: true });
  await control.enable({ ephemeral: true });
  await server.waitForConnections(2);
  await untilStatus(control, "connected");
});

test("switching off until the end is not stored and asks for no login; for good it does", async () => {
  const world = await openWorld({ startup: "persisted" });
  const control = await world.start();
  await control.enable();
  world.login.identity = undefined;
  await control.disable({ ephemeral: true });
  expect((await world.store.load(world.keyOf("account-a")))?.isEnabled).toBe(true);
  await expect(control.disable()).rejects.toMatchObject({ kind: "permission_denied", code: "auth_required" });
  world.login.identity = accountB;
  expect((await control.disable()).status).toBe("disabled");
});

test("switching off waits for switching on", async () => {
  const world = await openWorld({ startup: "persisted" });
  const control = await world.start();
  const order: string[] = [];
  const on = control.enable().then(() => order.push("on"));
  const off = control.disable().then(() => order.push("off"));
  await Promise.all([on, off]);
  expect([order, control.status.status]).toEqual([["on", "off"], "disabled"]);
  expect((await world.store.load(world.keyOf("account-a")))?.isEnabled).toBe(false);
});

test("another account that logs in meanwhile stops switching on", async () => {
  const world = await openWorld({ startup: "persisted" });
  const control = await world.start();
  const current = world.login.current.bind(world.login);
  let reads = 0;
  world.login.current = () => {
    reads += 1;
    // The first two are for the request, the third is to make sure.
    if (world.backend.remoteControl.servers.length > 0) world.login.identity = accountB;
    return current();
  };
  await expect(control.enable()).rejects.toMatchObject({
    kind: "interrupted",
    code: "account_changed",
    message: "remote control account changed during enrollment",
  });
  expect([control.status.status, reads > 1]).toEqual(["disabled", true]);
});

test("a call can be given up", async () => {
  const world = await openWorld({ startup: "persisted" });
  world.backend.fault({ kind: "stall_headers", path: "/server/enroll" });
  const control = await world.start();
  const controller = new AbortController();
  const enabling = control.enable({ signal: controller.signal });
  await world.backend.waitForRequests(1);
  controller.abort(new Error("enough"));
  await expect(enabling).rejects.toMatchObject({ kind: "aborted", cause: new Error("enough") });
  await expect(control.enable({ signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: "aborted" });
});

test("without a store there is no remote control", async () => {
  const world = await openWorld();
  const control = await world.start({ store: undefined });
  expect(control.status.status).toBe("disabled");
  for (const call of [control.enable(), control.enable({ ephemeral: true }), control.disable()])
    await expect(call).rejects.toMatchObject({
      kind: "not_found",
      code: "no_store",
      message: "remote control cannot be enabled because the enrollment store is unavailable",
    });
  expect((await control.disable({ ephemeral: true })).status).toBe("disabled");
});

test("a URL that is not allowed fails a start that is on, and no other", async () => {
  const world = await openWorld({ baseUrl: "https://example.com/backend-api" });
  await expect(world.start()).rejects.toMatchObject({ kind: "invalid_input", code: "invalid_url" });
  const control = await world.start({ startup: "persisted" });
  expect(control.status.status).toBe("disabled");
  await expect(control.enable()).rejects.toMatchObject({ code: "invalid_url" });
  await control.enable({ ephemeral: true });
  await untilStatus(control, "errored");
  expect(control.lastError).toMatchObject({ code: "invalid_url" });
  await control.disable({ ephemeral: true });
  expect(world.login.rejections).toEqual([]);
});

test("a host that does not know its client yet waits for it, and keeps enrolments apart", async () => {
  const world = await openWorld({ awaitsClientName: true });
  const control = await world.start();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(world.backend.requests).toEqual([]);
  await expect(control.startPairing()).rejects.toMatchObject({
    code: "pairing_unavailable",
    message: "remote control pairing is unavailable until enrollment completes",
  });
  control.setClientName("vscode");
  control.setClientName("another");
  await untilStatus(control, "connected");
  expect(await world.store.load(world.keyOf("account-a", "vscode"))).toBeDefined();
  expect(await world.store.load(world.keyOf("account-a"))).toBeUndefined();
});

test("a caller that says who it is will do", async () => {
  const world = await openWorld({ startup: "persisted", awaitsClientName: true });
  const control = await world.start();
  await expect(control.enable()).rejects.toMatchObject({ code: "pairing_unavailable" });
  await control.enable({ clientName: "vscode" });
  expect(await world.store.load(world.keyOf("account-a", "vscode"))).toMatchObject({ isEnabled: true });
});

test.each([
  [{ startup: "disabled" }, "no transport configured; use --listen or enable remote control"],
  [{ startup: "persisted" }, "no transport configured; use --listen or enable remote control"],
  [
    { startup: "disabled", isAllowed: false },
    "no transport configured; remote control disabled by managed requirements",
  ],
  [
    { startup: "persisted", isAllowed: false },
    "no transport configured; remote control disabled by managed requirements",
  ],
  [
    { startup: "enabled", store: undefined },
    "no transport configured; remote control disabled because the enrollment store is unavailable",
  ],
  [{ startup: "enabled", isAllowed: false }, "remote control is disabled by managed requirements"],
] as const)("a process that would serve nobody does not start: %j", async (options, message) => {
  const world = await openWorld({ isOnlyTransport: true });
  await expect(startOnly(world, options)).rejects.toMatchObject({ kind: "invalid_input", message });
  expect(world.backend.requests).toEqual([]);
});

test("a process that serves nobody else starts when it is stored so", async () => {
  const world = await openWorld({ isOnlyTransport: true, startup: "persisted" });
  await world.store.save(world.keyOf("account-a"), { ...row, isEnabled: true });
  await untilStatus(await world.start(), "connected");
  world.login.identity = undefined;
  await expect(world.start()).rejects.toMatchObject({ cause: { code: "auth_required" } });
});

test.each([
  [true, "1", "enabled"],
  [true, undefined, "enabled"],
  [false, "1", "disabled"],
  [false, "0", "persisted"],
  [false, undefined, "persisted"],
] as const)("asked for: %s, switched off by the environment: %s", (isRequested, value, startup) => {
  const name = "CODEX_INTERNAL_APP_SERVER_REMOTE_CONTROL_DISABLED";
  const env: Record<string, string | undefined> = { [name]: value, PATH: "/bin" };
  expect(takeStartup(isRequested, env)).toBe(startup);
  expect(env).toEqual({ PATH: "/bin" });
});

test.each([
  [{ baseUrl: "" }, '"baseUrl" must be'],
  [{ installationId: " " }, '"installationId" must be'],
  [{ startup: "on" as "enabled" }, '"startup" must be'],
  [{ limits: { unreadBytes: 0 } }, '"limits.unreadBytes" must be a positive integer'],
  [{ limits: { handOverTimeoutMs: -1 } }, '"limits.handOverTimeoutMs" must be a non-negative integer'],
  [{ limits: { colour: 1 } as object }, '"limits.colour" is not known'],
])("refuses the options %j", async (options, message) => {
  const world = await openWorld();
  await expect(startRemoteControl({ ...world.options, ...options })).rejects.toThrow(
    expect.objectContaining({ name: "TypeError", message: expect.stringContaining(message) }),
  );
});

function startOnly(world: World, options: object) {
  return world.start(options);
}
