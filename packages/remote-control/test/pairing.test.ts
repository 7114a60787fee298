import { expect, test } from "vitest";
import { accountB } from "./support/login.js";
import { openWorld, untilStatus, type World } from "./support/world.js";

const pairPath = "/server/pair";
const statusPath = "/pair/status";
const unavailable = {
  kind: "invalid_input",
  code: "pairing_unavailable",
  message: "remote control pairing is unavailable until enrollment completes",
};

/** Remote control that never gets its connection, which pairing does not wait for. */
async function startUnconnected() {
  const world = await openWorld();
  world.backend.fault({ kind: "stall_headers", path: /\/server$/, times: 1000 });
  return { world, control: await world.start() };
}

test("starts a pairing before there is a connection, with the server token alone", async () => {
  const { world, control } = await startUnconnected();
  const pairing = await control.startPairing();
  const [known] = world.backend.remoteControl.pairings;
  const server = await world.backend.remoteControl.waitForServer();
  expect(pairing).toStrictEqual({
    pairingCode: known?.pairingCode,
    manualPairingCode: null,
    environmentId: server.environmentId,
    expiresAt: Math.floor((known?.expiresAt ?? 0) / 1000),
  });
  const request = requestTo(world, pairPath);
  expect(request?.json()).toStrictEqual({ manual_code: false });
  expect(request?.headers.authorization).toMatch(/^Bearer rct_/);
  expect(request?.headers).not.toHaveProperty("chatgpt-account-id");
  // Pairing and connecting have not both enrolled.
  expect(world.backend.remoteControl.servers).toHaveLength(1);
});

test("tells whether a client has claimed it, by either code", async () => {
  const { world, control } = await startUnconnected();
  const { pairingCode, manualPairingCode } = await control.startPairing({ manualCode: true });
  expect(await control.isPairingClaimed({ pairingCode })).toBe(false);
  const [known] = world.backend.remoteControl.pairings;
  if (known !== undefined) known.isClaimed = true;
  expect(await control.isPairingClaimed({ manualPairingCode: manualPairingCode ?? "" })).toBe(true);
  const [first, second] = world.backend.requests.filter(({ path }) => path.endsWith(statusPath));
  expect([first?.json(), second?.json()]).toStrictEqual([
    { pairing_code: pairingCode },
    { manual_pairing_code: manualPairingCode },
  ]);
});

test.each([pairPath, statusPath])("a token that %s refuses is renewed, once", async (path) => {
  const { world, control } = await startUnconnected();
  const { pairingCode } = await control.startPairing();
  const call = () => (path === pairPath ? control.startPairing() : control.isPairingClaimed({ pairingCode }));
  (await world.backend.remoteControl.waitForServer()).expireTokens();
  await call();
  expect(world.backend.requests.filter((request) => request.path.endsWith("/refresh"))).toHaveLength(1);
  world.backend.fault({ kind: "status", status: 403, path, times: 2 });
  await expect(call()).rejects.toMatchObject(unavailable);
  // The refused token is not used again.
  await call();
  expect(world.backend.requests.filter((request) => request.path.endsWith("/refresh"))).toHaveLength(3);
});

test("a login that the refresh refuses is recovered from first", async () => {
  const { world, control } = await startUnconnected();
  await control.startPairing();
  (await world.backend.remoteControl.waitForServer()).expireTokens();
  world.backend.fault({ kind: "status", status: 403, path: "/refresh" });
  world.login.onRecover = () => true;
  await control.startPairing();
  expect(world.login.rejections).toHaveLength(1);
});

test("a server that is forgotten is enrolled anew for a pairing", async () => {
  const { world, control } = await startUnconnected();
  await control.startPairing();
  world.backend.remoteControl.forgetServer(await world.backend.remoteControl.waitForServer());
  const pairing = await control.startPairing();
  const server = await world.backend.remoteControl.waitForServer(2);
  expect(pairing.environmentId).toBe(server.environmentId);
  expect(await world.store.load(world.keyOf("account-a"))).toMatchObject({ serverId: server.serverId });
});

test("a pairing of a server that is forgotten is not known to the new one", async () => {
  const { world, control } = await startUnconnected();
  const { pairingCode } = await control.startPairing();
  const server = await world.backend.remoteControl.waitForServer();
  server.expireTokens();
  world.backend.remoteControl.forgetServer(server);
  await expect(control.isPairingClaimed({ pairingCode })).rejects.toMatchObject(unavailable);
  expect(world.backend.remoteControl.servers).toHaveLength(2);
});

test.each([404, 410])("a code that is answered %i is none", async (status) => {
  const { world, control } = await startUnconnected();
  await control.startPairing();
  world.backend.fault({ kind: "status", status, path: statusPath, body: "gone" });
  await expect(control.isPairingClaimed({ pairingCode: "p" })).rejects.toMatchObject({
    kind: "invalid_input",
    status,
    message: expect.stringMatching(
      /^remote control pairing status failed at `http.*\/pair\/status`: HTTP 4\d\d \w+( \w+)?, request-id: .*, body: gone$/,
    ),
  });
});

test("a failure of the backend keeps what it says", async () => {
  const { world, control } = await startUnconnected();
  world.backend.fault({
    kind: "status",
    status: 500,
    path: pairPath,
    body: '{"pairing_code":"tell-nobody"}',
  });
  const error = await control.startPairing().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    kind: "other",
    status: 500,
    message: expect.stringMatching(
      /^remote control pairing failed at `http.*\/pair`: HTTP 500 Internal Server Error, request-id: .*, body: \{"pairing_code":"<redacted>"\}$/,
    ),
  });
});

test.each([
  [
    { pairing_code: 7 },
    "other",
    /^failed to parse remote control pairing response from `http.*`: HTTP 200 OK, .*body: \{"pairing_code":"<redacted>"\}, decode error: pairing_code: /,
  ],
  [
    { pairing_code: "p", server_id: "s", environment_id: "e", expires_at: "soon" },
    "invalid_data",
    /^failed to parse remote control pairing response from `http.*`: HTTP 200 OK, .*, expires_at parse error: /,
  ],
  [
    { pairing_code: "p", server_id: "s", environment_id: "e", expires_at: "2030-01-01T00:00:00Z" },
    "other",
    /^remote control pairing returned mismatched enrollment: expected server_id=srv_.*; got server_id=s, environment_id=e$/,
  ],
])("an answer that is none: %j", async (body, kind, message) => {
  const { world, control } = await startUnconnected();
  world.backend.fault({ kind: "status", status: 200, path: pairPath, body: JSON.stringify(body) });
  await expect(control.startPairing()).rejects.toMatchObject({
    kind,
    message: expect.stringMatching(message),
  });
});

test("is there only while remote control is on", async () => {
  const world = await openWorld();
  const control = await world.start();
  await untilStatus(control, "connected");
  await control.disable({ ephemeral: true });
  const refusal = {
    kind: "invalid_input",
    code: "disabled",
    message: "remote control pairing requires remote control to be enabled",
  };
  await expect(control.startPairing()).rejects.toMatchObject(refusal);
  await expect(control.isPairingClaimed({ pairingCode: "p" })).rejects.toMatchObject(refusal);
  expect(await world.store.load(world.keyOf("account-a"))).toBeDefined();
  await control.enable({ ephemeral: true });
  await control.startPairing();
  expect(world.backend.remoteControl.servers).toHaveLength(1);
});

test("is refused when it is switched off meanwhile", async () => {
  const { world, control } = await startUnconnected();
  await control.startPairing();
  world.login.current = ((current) => async () => {
    if (world.backend.remoteControl.pairings.length > 1) await control.disable({ ephemeral: true });
    return current();
  })(world.login.current.bind(world.login));
  await expect(control.startPairing()).rejects.toMatchObject({ code: "disabled" });
});

test("is not there for another login, nor without one", async () => {
  const { world, control } = await startUnconnected();
  await control.startPairing();
  world.login.identity = accountB;
  await expect(control.isPairingClaimed({ pairingCode: "p" })).rejects.toMatchObject(unavailable);
  world.login.identity = undefined;
  await expect(control.startPairing()).rejects.toMatchObject(unavailable);
});

test("is not there for a login that has changed during the call", async () => {
  const { world, control } = await startUnconnected();
  await control.startPairing();
  world.backend.fault({
    kind: "status",
    status: 200,
    path: statusPath,
    body: '{"claimed":true}',
  });
  const claimed = control.isPairingClaimed({ pairingCode: "p" });
  await world.backend.waitForRequests(1, { path: statusPath });
  world.login.identity = accountB;
  await expect(claimed).rejects.toMatchObject(unavailable);
});

test("a status is asked only of an enrolment that is there", async () => {
  const world = await openWorld();
  world.backend.fault({ kind: "stall_headers", path: "/server/enroll" });
  const control = await world.start();
  await world.backend.waitForRequests(1);
  const controller = new AbortController();
  const waiting = control.isPairingClaimed({ pairingCode: "p" }, { signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ kind: "aborted" });
});

function requestTo({ backend }: World, path: string) {
  return backend.requests.find((request) => request.path.endsWith(path));
}
