import { hostname } from "node:os";
import { expect, test } from "vitest";
import { EnrollmentFiles } from "../src/index.js";
import { accountA, accountB } from "./support/login.js";
import { openWorld, untilStatus } from "./support/world.js";

const enrollPath = "/server/enroll";
const refreshPath = "/server/refresh";
const socketPath = "/remote/control/server";

test("enrols with the account named once, and connects without it", async () => {
  const world = await openWorld({ serverName: "  Büro  " });
  const control = await world.start();
  await untilStatus(control, "connected");
  const [enroll, upgrade] = world.backend.requests;
  expect(enroll).toMatchObject({ method: "POST", path: "/backend-api/wham/remote/control/server/enroll" });
  expect(JSON.parse(enroll?.body.toString() ?? "")).toStrictEqual({
    name: "Büro",
    os: { darwin: "macos", win32: "windows" }[process.platform as string] ?? process.platform,
    arch: { arm64: "aarch64", x64: "x86_64" }[process.arch as string],
    app_server_version: "1.2.3",
    installation_id: "installation-1",
  });
  expect(enroll?.headers).toMatchObject({
    authorization: "Bearer login-token-a",
    "chatgpt-account-id": "account-a",
    "x-codex-installation-id": "installation-1",
    "content-type": "application/json",
    originator: "codex_ts",
  });
  const server = await world.backend.remoteControl.waitForServer();
  expect(upgrade?.headers).toMatchObject({
    "x-codex-server-id": server.serverId,
    "x-codex-name": Buffer.from("Büro").toString("base64"),
    "x-codex-protocol-version": "3",
    "x-codex-installation-id": "installation-1",
    authorization: expect.stringMatching(/^Bearer rct_/),
  });
  for (const name of ["chatgpt-account-id", "x-codex-subscribe-cursor", "sec-websocket-extensions"])
    expect(upgrade?.headers).not.toHaveProperty(name);
  expect(control.status).toStrictEqual({
    status: "connected",
    serverName: "Büro",
    installationId: "installation-1",
    environmentId: server.environmentId,
  });
  expect(await world.store.load(world.keyOf("account-a"))).toMatchObject({
    serverId: server.serverId,
    isEnabled: null,
  });
});

test("is called by the name of the machine", async () => {
  const world = await openWorld({ serverName: undefined, startup: "disabled" });
  expect((await world.start()).status.serverName).toBe(hostname());
});

test("goes on as the server it was, with a new token", async () => {
  const world = await openWorld();
  await using first = await world.start();
  await untilStatus(first, "connected");
  const { environmentId } = first.status;
  await first.close();
  const second = await world.start();
  await untilStatus(second, "connected");
  expect(second.status.environmentId).toBe(environmentId);
  expect(paths(world)).toEqual([enrollPath, socketPath, refreshPath, socketPath]);
  const [, , refresh] = world.backend.requests;
  expect(refresh?.json()).toEqual({
    server_id: expect.stringMatching(/^srv_/),
    installation_id: "installation-1",
  });
});

test("a server that the backend has forgotten is enrolled anew, at the refresh", async () => {
  const world = await openWorld();
  await using first = await world.start();
  await untilStatus(first, "connected");
  await first.close();
  world.backend.remoteControl.forgetServer(await world.backend.remoteControl.waitForServer());
  const second = await world.start();
  await untilStatus(second, "connected");
  const server = await world.backend.remoteControl.waitForServer(2);
  expect(await world.store.load(world.keyOf("account-a"))).toMatchObject({ serverId: server.serverId });
});

test("an enrolment that fails keeps what there was", async () => {
  const world = await openWorld();
  await using first = await world.start();
  await untilStatus(first, "connected");
  await first.close();
  const before = await world.store.load(world.keyOf("account-a"));
  world.backend.remoteControl.forgetServer(await world.backend.remoteControl.waitForServer());
  world.backend.fault({ kind: "status", status: 500, path: enrollPath, times: 1000 });
  const second = await world.start();
  await untilStatus(second, "errored");
  expect(await world.store.load(world.keyOf("account-a"))).toEqual(before);
});

test("a 401 is recovered from within the request", async () => {
  const world = await openWorld();
  world.login.identity = { ...accountA, token: "stale" };
  world.login.onRecover = () => {
    world.login.identity = accountA;
    return true;
  };
  const errors: string[] = [];
  const control = await world.start({
    telemetry: { onConnectFailed: ({ error }) => errors.push(error.message) },
  });
  await untilStatus(control, "connected");
  expect(errors).toEqual([]);
  expect(world.login.rejections).toMatchObject([{ round: 0, status: 401 }]);
});

test("a 403 is recovered from for the next try", async () => {
  const world = await openWorld();
  world.backend.fault({ kind: "status", status: 403, path: enrollPath, body: "no" });
  world.login.onRecover = () => true;
  const errors: string[] = [];
  const control = await world.start({
    telemetry: { onConnectFailed: ({ error }) => errors.push(error.message) },
  });
  await untilStatus(control, "connected");
  expect(errors).toEqual([
    expect.stringMatching(
      /^remote control server enrollment failed at `http.*\/enroll`: HTTP 403 Forbidden, request-id: req_\w+, cf-ray: <none>, body: no; retrying after auth recovery$/,
    ),
  ]);
  expect(world.login.rejections).toMatchObject([{ round: 0, status: 403, body: "no" }]);
});

test("a 403 that nothing helps against is what it is", async () => {
  const world = await openWorld();
  world.backend.fault({ kind: "status", status: 403, path: enrollPath, times: 3 });
  const control = await world.start();
  await untilStatus(control, "errored");
  expect(control.lastError).toMatchObject({ kind: "permission_denied", status: 403 });
  await untilStatus(control, "connected");
  expect(control.lastError).toBeUndefined();
});

test.each([
  [
    { server_id: "s", remote_control_token: "tell-nobody" },
    /body: \{"server_id":"s","remote_control_token":"<redacted>"\}, decode error: environment_id: /,
  ],
  [
    [{ remote_control_token: "tell-nobody" }],
    /body: \[\{"remote_control_token":"<redacted>"\}\], decode error: /,
  ],
  [
    { server_id: "s", environment_id: "e", remote_control_token: "tell-nobody", expires_at: "soon" },
    /^failed to parse remote control server token expiry from `http.*enroll`: /,
  ],
])("an answer that is none says so, and holds no secret: %j", async (body, message) => {
  const world = await openWorld();
  world.backend.fault({
    kind: "status",
    status: 200,
    path: enrollPath,
    headers: { "content-type": "application/json", "x-request-id": "req-7", "cf-ray": "ray-7" },
    body: JSON.stringify(body),
  });
  const control = await world.start();
  await untilStatus(control, "errored");
  expect(control.lastError?.kind).toBe("other");
  expect(control.lastError?.message).toMatch(message);
  if (!control.lastError?.message.includes("expiry"))
    expect(control.lastError?.message).toContain("HTTP 200 OK, request-id: req-7, cf-ray: ray-7");
  expect(control.lastError?.message).not.toContain("tell-nobody");
});

test("a token for another server is refused", async () => {
  const world = await openWorld();
  await using first = await world.start();
  await untilStatus(first, "connected");
  await first.close();
  const body = JSON.stringify({
    server_id: "other",
    environment_id: "else",
    remote_control_token: "t",
    expires_at: "2030-01-01T00:00:00Z",
  });
  world.backend.fault({ kind: "status", status: 200, path: refreshPath, body });
  const second = await world.start();
  await untilStatus(second, "errored");
  expect(second.lastError).toMatchObject({ code: "enrollment_mismatch" });
  expect(second.lastError?.message).toMatch(
    /^remote control server refresh returned mismatched enrollment: expected server_id=srv_.*, environment_id=env_.*; got server_id=other, environment_id=else$/,
  );
  await untilStatus(second, "connected");
});

test("an answer without end, and none at all, are failures that pass", async () => {
  const world = await openWorld({ limits: { requestTimeoutMs: 60 } });
  world.backend.fault({ kind: "stall_headers", path: enrollPath });
  world.backend.fault({ kind: "reset", path: enrollPath });
  const errors: string[] = [];
  const control = await world.start({
    telemetry: { onConnectFailed: ({ error }) => errors.push(error.message) },
  });
  await untilStatus(control, "connected");
  expect(errors).toHaveLength(2);
  for (const error of errors)
    expect(error).toMatch(/^failed to enroll remote control server at `http.*enroll`: /);
});

test("waits for somebody to log in, and connects at once then", async () => {
  const world = await openWorld({ limits: { reconnectDelayMs: 3_600_000, maxReconnectDelayMs: 3_600_000 } });
  world.login.identity = undefined;
  const control = await world.start();
  await untilStatus(control, "errored");
  expect(control.lastError).toMatchObject({
    kind: "permission_denied",
    code: "auth_required",
    message: "remote control requires ChatGPT authentication",
  });
  world.login.identity = accountA;
  await control.loginChanged();
  await untilStatus(control, "connected");
  expect(paths(world)).toEqual([enrollPath, socketPath]);
});

test("an API key is none that remote control is for, and is not read twice", async () => {
  const world = await openWorld();
  world.login.identity = { token: "sk-test", usesCodexBackend: false };
  let reloads = 0;
  const auth = Object.assign(world.login, {
    reload: async () => {
      reloads += 1;
    },
  });
  const control = await world.start({ auth });
  await untilStatus(control, "errored");
  expect(control.lastError?.message).toBe(
    "remote control requires ChatGPT authentication; API key auth is not supported",
  );
  expect([reloads, world.backend.requests.length]).toEqual([0, 0]);
});

test("a login that can be read again from its store is", async () => {
  const world = await openWorld();
  world.login.identity = undefined;
  const auth = Object.assign(world.login, {
    reload: async () => {
      world.login.identity = accountA;
    },
  });
  await untilStatus(await world.start({ auth }), "connected");
});

test("waits for the account id, without an alarm", async () => {
  const world = await openWorld();
  world.login.identity = { token: "login-token-a" };
  const errors: unknown[] = [];
  const statuses = new Set<string>();
  const control = await world.start({
    telemetry: {
      onConnectFailed: ({ error }) => errors.push([error.kind, error.message]),
      onStatus: ({ status }) => statuses.add(status),
    },
  });
  await expect.poll(() => errors.length).toBeGreaterThan(1);
  expect(errors[0]).toEqual(["would_block", "remote control enrollment is waiting for a ChatGPT account id"]);
  world.login.identity = accountA;
  await untilStatus(control, "connected");
  expect([...statuses]).not.toContain("errored");
});

test("an account id that no header can carry is refused", async () => {
  const world = await openWorld();
  world.login.identity = { token: "login-token-a", accountId: "a\nb" };
  const control = await world.start();
  await untilStatus(control, "errored");
  expect(control.lastError).toMatchObject({ kind: "invalid_input" });
  expect(control.lastError?.message).toMatch(/^invalid remote control account id header: /);
});

test("a login that cannot be read is an error that shows nothing of it", async () => {
  const world = await openWorld();
  world.login.current = () => Promise.reject(new RangeError("the token is tell-nobody"));
  const control = await world.start();
  await untilStatus(control, "errored");
  expect(control.lastError?.message).toBe("the login could not be read (RangeError)");
});

test("an enrolment that cannot be kept is not used", async () => {
  const world = await openWorld();
  const store = new EnrollmentFiles(world.store.pathOf(world.keyOf("account-a")));
  await world.store.save(world.keyOf("account-a"), {
    serverId: "",
    environmentId: "",
    serverName: "",
    isEnabled: null,
    updatedAt: 0,
  });
  const control = await world.start({
    store: { load: async () => undefined, save: (...args) => store.save(...args) },
  });
  await untilStatus(control, "errored");
  expect(control.lastError?.message).toMatch(
    /^failed to persist remote control enrollment in the enrollment store: /,
  );
});

test("the enrolment of one account is not that of another", async () => {
  const world = await openWorld();
  const control = await world.start();
  await untilStatus(control, "connected");
  const first = control.status.environmentId;
  world.login.identity = accountB;
  await control.loginChanged();
  const server = await world.backend.remoteControl.waitForServer(2);
  await server.waitForConnections(1);
  await untilStatus(control, "connected");
  expect(server.accountId).toBe("account-b");
  expect(control.status.environmentId).toBe(server.environmentId);
  expect(first).not.toBe(server.environmentId);
  expect((await world.store.load(world.keyOf("account-a")))?.serverId).not.toBe(server.serverId);
});

test("what was switched on for good by one account is not on for another", async () => {
  const world = await openWorld({ startup: "disabled" });
  const control = await world.start();
  await control.enable();
  await untilStatus(control, "connected");
  const before = await world.store.load(world.keyOf("account-a"));
  world.login.identity = accountB;
  await control.loginChanged();
  await untilStatus(control, "disabled");
  expect(control.status.environmentId).toBeNull();
  expect(world.backend.remoteControl.servers).toHaveLength(1);
  expect(await world.store.load(world.keyOf("account-a"))).toEqual(before);
  expect(await world.store.load(world.keyOf("account-b"))).toBeUndefined();
});

test("a credential that signs each request enrols like any other", async () => {
  const world = await openWorld();
  const { agentLogin } = await import("./support/agent-login.js");
  const control = await world.start({ auth: agentLogin(world.backend.registerAgent()) });
  await untilStatus(control, "connected");
  expect(world.backend.requests[0]?.auth.kind).toBe("agentAssertion");
});

function paths({ backend }: Awaited<ReturnType<typeof openWorld>>): string[] {
  return backend.requests.map(({ path }) =>
    path.replace(/.*(?=\/server\/)/, "").replace(/.*(?=\/remote\/)/, ""),
  );
}
