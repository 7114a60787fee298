import { expect, test } from "vitest";
import { startRemoteControl } from "../src/index.js";
import { accountA } from "./support/login.js";
import {
  initialize,
  nextClient,
  openSession,
  openWorld,
  readMessages,
  untilStatus,
} from "./support/world.js";

const socketPath = /\/remote\/control\/server$/;

test("connects again with the same token, and goes on where it was", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { server, peer, client } = await openSession(world, control);
  await client.send({ method: "acknowledged" });
  await peer.waitFor(1);
  await peer.send({ method: "read" });
  await readMessages(client, 1);
  server.disconnect(1000);
  await server.waitForConnections(2);
  await peer.send({ method: "more" });
  expect(await readMessages(client, 1)).toEqual([{ method: "more" }]);
  await client.send({ method: "next" });
  expect(await peer.waitFor(2)).toMatchObject([{ method: "acknowledged" }, { method: "next" }]);
  const [first, second] = server.connections;
  expect(second?.request.headers.authorization).toBe(first?.request.headers.authorization);
  expect(second?.cursor).toBe("cursor-2");
  expect(server.violations).toEqual([]);
  expect(world.backend.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("a token that has ended is renewed for the next connection", async () => {
  const world = await openWorld();
  const control = await world.start();
  await untilStatus(control, "connected");
  const server = await world.backend.remoteControl.waitForServer();
  const errors: string[] = [];
  await control.close();
  const again = await world.start({
    telemetry: { onConnectFailed: ({ error }) => errors.push(error.message) },
  });
  await server.waitForConnections(2);
  server.expireTokens();
  server.disconnect();
  await server.waitForConnections(3);
  await untilStatus(again, "connected");
  expect(errors).toContain(
    "remote control websocket auth failed with HTTP 401; refreshing server token before reconnect",
  );
  expect(await world.store.load(world.keyOf("account-a"))).toMatchObject({ serverId: server.serverId });
  expect(world.backend.remoteControl.servers).toHaveLength(1);
});

test("a token is renewed before it ends", async () => {
  const world = await openWorld();
  world.backend.remoteControl.tokenLifetimeMs = 29_000;
  const control = await world.start();
  const server = await world.backend.remoteControl.waitForServer();
  await server.waitForConnections(1);
  await untilStatus(control, "connected");
  // Enrolling gave a token that is too short-lived to be used.
  expect(world.backend.requests.map(({ path }) => path.split("/").at(-1))).toEqual([
    "enroll",
    "refresh",
    "server",
  ]);
});

test("a server that the backend has forgotten is enrolled anew, at the handshake", async () => {
  const world = await openWorld();
  const control = await world.start();
  await untilStatus(control, "connected");
  const server = await world.backend.remoteControl.waitForServer();
  world.backend.remoteControl.forgetServer(server);
  server.disconnect();
  const next = await world.backend.remoteControl.waitForServer(2);
  await next.waitForConnections(1);
  await untilStatus(control, "connected");
  expect(control.status.environmentId).toBe(next.environmentId);
  expect(await world.store.load(world.keyOf("account-a"))).toMatchObject({ serverId: next.serverId });
});

test("what was on its way to one server never reaches another", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { server, client } = await openSession(world, control, { acknowledges: false });
  await client.send({ method: "secret" });
  world.backend.remoteControl.forgetServer(server);
  server.disconnect();
  const next = await world.backend.remoteControl.waitForServer(2);
  const peer = next.openClient({ clientId: client.clientId, streamId: client.streamId });
  await next.waitForConnections(1);
  await peer.ping();
  expect(await peer.waitForPongs(1)).toEqual(["unknown"]);
  expect([client.end, peer.received, next.violations]).toEqual(["disabled", [], []]);
  expect(next.connections[0]?.cursor).toBeUndefined();
});

test.each([
  ["Not Found", "text/plain"],
  ['{"detail":"Something else"}', "application/json"],
])("any other 404 keeps the enrolment: %s", async (body, type) => {
  const world = await openWorld();
  const headers = { "content-type": type, "x-oai-request-id": "req-8", "cf-ray": "ray-8" };
  world.backend.fault({ kind: "status", status: 404, path: socketPath, headers, body, times: 2 });
  const control = await world.start();
  await untilStatus(control, "errored");
  const { message } = control.lastError ?? {};
  expect(message).toMatch(/^failed to connect app-server remote control websocket `ws:.*\/server`: /);
  expect(message?.endsWith(`, body: ${body}`)).toBe(true);
  expect(message).toContain(", cf-ray: ray-8");
  await untilStatus(control, "connected");
  expect(world.backend.remoteControl.servers).toHaveLength(1);
});

test.each([409, 426, 500])("a handshake that is answered %i is tried again", async (status) => {
  const world = await openWorld();
  world.backend.fault({ kind: "status", status, path: socketPath, body: " " });
  const control = await world.start();
  await untilStatus(control, "errored");
  expect(control.lastError).toMatchObject({ kind: "other", status });
  expect(control.lastError?.message).toMatch(/cf-ray: <none>$/);
  await untilStatus(control, "connected");
});

test("a handshake that takes too long is given up", async () => {
  const world = await openWorld({ limits: { connectTimeoutMs: 100 } });
  world.backend.fault({ kind: "stall_headers", path: socketPath });
  const control = await world.start();
  await untilStatus(control, "errored");
  expect(control.lastError?.kind).toBe("timed_out");
  expect(control.lastError?.message).toMatch(
    /^timed out connecting to remote control websocket at `ws:.*` after 0.1s$/,
  );
  await untilStatus(control, "connected");
});

test("a backend that says when to come again is not asked before", async () => {
  const world = await openWorld();
  const headers = { "retry-after": "7" };
  world.backend.fault({ kind: "status", status: 503, path: "/server/enroll", headers });
  const delays: number[] = [];
  const control = await world.start({
    telemetry: { onConnectFailed: ({ delayMs }) => delays.push(delayMs) },
  });
  await untilStatus(control, "errored");
  expect(delays).toEqual([7000]);
});

test("a backend that drops each connection at once is not asked without a pause", async () => {
  const world = await openWorld({ limits: { reconnectDelayMs: 3_600_000, maxReconnectDelayMs: 3_600_000 } });
  const attempts: number[] = [];
  const control = await world.start({
    telemetry: { onConnectFailed: ({ attempt }) => attempts.push(attempt) },
  });
  await untilStatus(control, "connected");
  (await world.backend.remoteControl.waitForServer()).disconnect();
  await expect.poll(() => attempts).toEqual([1]);
  expect(control.status.status).toBe("connecting");
});

test("a connection that does not answer pings has ended", async () => {
  const world = await openWorld({ limits: { pingIntervalMs: 20, pongTimeoutMs: 60 } });
  const ends: unknown[] = [];
  const control = await world.start({
    telemetry: { onDisconnected: ({ error }) => ends.push([error?.kind, error?.message]) },
  });
  await untilStatus(control, "connected");
  const server = await world.backend.remoteControl.waitForServer();
  server.pause(true);
  await server.waitForConnections(2);
  server.pause(false);
  expect(ends[0]).toEqual(["timed_out", "remote control websocket pong timeout"]);
});

test("leaves out what is no envelope, and says so", async () => {
  const world = await openWorld();
  const ignored: unknown[] = [];
  const control = await world.start({ telemetry: { onIgnored: (report) => ignored.push(report) } });
  const { server, peer, client } = await openSession(world, control);
  await server.sendRaw("no envelope");
  await server.sendRaw('{"type":"news","client_id":"c"}');
  await server.sendRaw(Buffer.from([1, 2, 3]));
  await server.sendRaw({
    type: "client_message_chunk",
    client_id: peer.clientId,
    stream_id: peer.streamId,
    seq_id: 9,
    segment_id: 1,
    segment_count: 2,
    message_size_bytes: 5,
    message_chunk_base64: "eA==",
  });
  await peer.send({ method: "more" });
  expect(await readMessages(client, 1)).toEqual([{ method: "more" }]);
  expect(ignored).toMatchObject([
    { reason: "undecodable", bytes: 11 },
    { reason: "undecodable" },
    { reason: "part" },
  ]);
  expect(server.connections).toHaveLength(1);
});

test("a message whose parts come between those of another client survives a disconnect", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { server, peer, client } = await openSession(world, control);
  const json = JSON.stringify({ method: "in/parts" });
  const partOf = (segment_id: number, text: string): object => ({
    type: "client_message_chunk",
    client_id: peer.clientId,
    stream_id: peer.streamId,
    seq_id: 2,
    segment_id,
    segment_count: 2,
    message_size_bytes: json.length,
    message_chunk_base64: Buffer.from(text).toString("base64"),
  });
  await server.sendRaw(partOf(0, json.slice(0, 5)));
  const other = server.openClient();
  const arriving = nextClient(control);
  await other.send(initialize);
  await readMessages(await arriving, 1);
  server.disconnect();
  // The backend knows that we have got what came after the first part, and does not send that again.
  await server.waitForConnections(2);
  await server.sendRaw(partOf(1, json.slice(5)));
  expect(await readMessages(client, 1)).toEqual([{ method: "in/parts" }]);
  expect(server.connections[1]?.cursor).toBe("cursor-3");
});

test("the end comes at once in the middle of a pause", async () => {
  const world = await openWorld({ limits: { reconnectDelayMs: 3_600_000, maxReconnectDelayMs: 3_600_000 } });
  world.backend.fault({ kind: "status", status: 500, path: "/server/enroll" });
  const control = await world.start();
  await untilStatus(control, "errored");
  await control.close();
  await expect(control.enable()).rejects.toMatchObject({ kind: "interrupted", code: "closed" });
});

test("somebody else's login ends a connection, a new token does not", async () => {
  const world = await openWorld();
  world.backend.remoteControl.tokenLifetimeMs = 3_600_000;
  const control = await world.start();
  const { server, client } = await openSession(world, control);
  world.login.identity = { ...accountA, token: "login-token-a2" };
  await control.loginChanged();
  world.login.identity = accountA;
  await control.loginChanged();
  await client.send({ method: "still here" });
  expect([server.connections.length, client.isOpen]).toEqual([1, true]);

  world.login.identity = undefined;
  await control.loginChanged();
  await untilStatus(control, "errored");
  expect([control.status.environmentId, server.isConnected]).toEqual([null, false]);
  world.login.identity = accountA;
  await control.loginChanged();
  await untilStatus(control, "connected");
  expect(control.status.environmentId).toBe(server.environmentId);
});

test("tells each status once", async () => {
  const world = await openWorld();
  const told: string[] = [];
  const control = await world.start({
    telemetry: {
      onStatus({ status, environmentId }) {
        told.push(`${status} ${environmentId === null ? "nowhere" : "somewhere"}`);
        throw new Error("what hooks throw does no harm");
      },
    },
  });
  await untilStatus(control, "connected");
  await control.enable({ ephemeral: true });
  await control.disable({ ephemeral: true });
  await control.disable({ ephemeral: true });
  expect(told).toEqual(["connecting somewhere", "connected somewhere", "disabled nowhere"]);
});

test("readers of the status get the one of the moment, each new one, and the end", async () => {
  const world = await openWorld({ startup: "disabled" });
  const control = await startRemoteControl(world.options);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { status } of control.statusChanges()) seen.push(status);
  })();
  await control.enable({ ephemeral: true });
  await untilStatus(control, "connected");
  await control.close();
  await reading;
  expect([seen[0], seen.includes("connected")]).toEqual(["disabled", true]);
  const { signal } = { signal: AbortSignal.abort() };
  await expect(control.statusChanges({ signal }).next()).rejects.toMatchObject({ kind: "aborted" });
});
