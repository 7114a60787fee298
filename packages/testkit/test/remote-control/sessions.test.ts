import { expect, test } from "vitest";
import type { Backend, RemoteServer } from "../../src/index.js";
import { connect, connected, type Enrolled, enroll, handshakeHeaders, openBackend } from "./support.js";

async function openServer(): Promise<{ backend: Backend; enrolled: Enrolled; server: RemoteServer }> {
  const backend = await openBackend();
  const enrolled = await enroll(backend);
  return { backend, enrolled, server: await backend.remoteControl.waitForServer() };
}

test.each([
  ["no token", { authorization: "Bearer strange" }, 401, "invalid_server_token"],
  [
    "the login in place of the token",
    { authorization: "Bearer access-token-test" },
    401,
    "invalid_server_token",
  ],
  ["another version", { "x-codex-protocol-version": "2" }, 426, "unsupported_protocol_version"],
  ["another installation", { "x-codex-installation-id": "other" }, 409, "installation_mismatch"],
  ["an account", { "chatgpt-account-id": "account-test" }, 400, "account_not_allowed"],
])("refuses a connection with %s", async (_what, headers, status, code) => {
  const { backend, enrolled } = await openServer();
  expect(await connect(backend, { ...handshakeHeaders(enrolled), ...headers })).toMatchObject({
    status,
    body: { error: { code } },
  });
});

test("refuses a server that is forgotten or another one, a token that has ended, and by fault", async () => {
  const { backend, enrolled, server } = await openServer();
  const missing = { status: 404, body: { detail: "Remote app server not found" } };
  const headers = handshakeHeaders(enrolled);
  expect(await connect(backend, { ...headers, "x-codex-server-id": "other" })).toEqual(missing);
  backend.fault({ kind: "status", status: 503, path: /\/server$/ });
  expect(await connect(backend, headers)).toMatchObject({ status: 503 });
  backend.remoteControl.forgetServer(server);
  expect(await connect(backend, headers)).toEqual(missing);
  server.expireTokens();
  expect(await connect(backend, headers)).toMatchObject({ status: 401 });
});

test("a token ends when its time has come", async () => {
  const backend = await openBackend();
  backend.remoteControl.tokenLifetimeMs = 0;
  expect(await connect(backend, handshakeHeaders(await enroll(backend)))).toMatchObject({ status: 401 });
});

test("delivers messages and parts of messages once, and acknowledges each envelope each time", async () => {
  const { backend, enrolled, server } = await openServer();
  const peer = server.openClient({ clientId: "c", streamId: "s" });
  const socket = await connected(backend, enrolled);
  const tail = { client_id: "c", stream_id: "s" };
  const message = { type: "server_message", message: { method: "m" }, ...tail, seq_id: 1 };
  const json = JSON.stringify({ method: "parts" });
  const partOf = (segment_id: number, text: string) => ({
    type: "server_message_chunk",
    segment_id,
    segment_count: 2,
    message_size_bytes: json.length,
    message_chunk_base64: Buffer.from(text).toString("base64"),
    ...tail,
    seq_id: 2,
  });
  const parts = [partOf(0, json.slice(0, 5)), partOf(1, json.slice(5))] as const;
  for (const envelope of [message, message, parts[0], parts[0], parts[1], parts[1]]) socket.send(envelope);
  socket.send({ type: "pong", status: "active", ...tail, seq_id: 3 });
  const acks = [];
  for (let count = 0; count < 7; count += 1) acks.push(await socket.next());
  expect(acks.map(({ type, seq_id, segment_id }) => [type, seq_id, segment_id])).toEqual([
    ["ack", 1, undefined],
    ["ack", 1, undefined],
    ["ack", 2, 0],
    ["ack", 2, 0],
    ["ack", 2, 1],
    ["ack", 2, 1],
    ["ack", 3, undefined],
  ]);
  expect([peer.received, peer.pongs, server.violations]).toEqual([
    [{ method: "m" }, { method: "parts" }],
    ["active"],
    [],
  ]);
});

test.each([
  ["no JSON", "{", /JSON/],
  ["a strange type", { type: "ack", client_id: "c", stream_id: "s", seq_id: 1 }, /no envelope of type "ack"/],
  [
    "members in another order",
    { message: {}, type: "server_message", client_id: "c", stream_id: "s", seq_id: 1 },
    /the members of a server_message are/,
  ],
  [
    "a gap",
    { type: "server_message", message: {}, client_id: "c", stream_id: "s", seq_id: 2 },
    /seq_id 2 came after 0/,
  ],
  [
    "nobody",
    { type: "server_message", message: {}, client_id: "x", stream_id: "s", seq_id: 1 },
    /nobody is x on s/,
  ],
  [
    "the number 0",
    { type: "server_message", message: {}, client_id: "c", stream_id: "s", seq_id: 0 },
    /from 1 on/,
  ],
  ["a part that is missing", chunk({ segment_id: 1 }), /segment 1 came after -1/],
  ["a single part", chunk({ segment_count: 1 }), /there is no segment 0 of 1/],
  ["a part that is not base64", chunk({ message_chunk_base64: "?" }), /not base64/],
  ["a part that is too large", chunk({ message_chunk_base64: "eHh4".repeat(40_000) }), /too large/],
])("takes down what a server should not have done: %s", async (_what, envelope, message) => {
  const { backend, enrolled, server } = await openServer();
  server.openClient({ clientId: "c", streamId: "s" });
  const socket = await connected(backend, enrolled);
  socket.socket.send(typeof envelope === "string" ? envelope : JSON.stringify(envelope));
  await expect.poll(() => server.violations).toEqual([expect.stringMatching(message)]);
});

test("goes on after what the server says it has got", async () => {
  const { backend, enrolled, server } = await openServer();
  const peer = server.openClient({ clientId: "c", streamId: "s", chunkBytes: 20 });
  const writing = peer.send({ method: "before/there/was/a/connection" });
  const first = await connected(backend, enrolled);
  await writing;
  const parts = [await first.next(), await first.next(), await first.next()];
  expect(parts.map(({ type, seq_id, segment_id, cursor }) => [type, seq_id, segment_id, cursor])).toEqual([
    ["client_message_chunk", 1, 0, "cursor-1"],
    ["client_message_chunk", 1, 1, "cursor-2"],
    ["client_message_chunk", 1, 2, "cursor-3"],
  ]);
  await peer.ping();
  server.disconnect();
  const second = await connected(backend, enrolled, { "x-codex-subscribe-cursor": "cursor-3" });
  expect(await second.next()).toEqual({ cursor: "cursor-4", type: "ping", client_id: "c", stream_id: "s" });
  server.disconnect();
  await connected(backend, enrolled, { "x-codex-subscribe-cursor": "cursor-9" });
  expect([server.connections.map(({ cursor }) => cursor), server.violations]).toEqual([
    [undefined, "cursor-3", "cursor-9"],
    ["cursor-9 was never sent"],
  ]);
});

test.each([
  ["cut", 1006],
  [1012, 1012],
] as const)("drops a connection where it is told to: %s", async (how, code) => {
  const { backend, enrolled, server } = await openServer();
  const peer = server.openClient({ clientId: "c", streamId: "s", chunkBytes: 20 });
  server.disconnectAfter({ afterEnvelopes: 2, direction: "to_server", isInsideMessage: true, how });
  const socket = await connected(backend, enrolled);
  const closed = socket.closed();
  void peer.ping();
  void peer.send({ method: "more/than/there/is/room/for/in/two/parts/of/it" });
  expect(await closed).toBe(code);
  expect(socket.texts.map((text) => JSON.parse(text).segment_id)).toEqual([undefined, 0, 1]);
  expect(server.isConnected).toBe(false);
});

test("drops a connection before it acknowledges what it was dropped for", async () => {
  const { backend, enrolled, server } = await openServer();
  server.openClient({ clientId: "c", streamId: "s" });
  server.disconnectAfter({ afterEnvelopes: 1, direction: "from_server" });
  const socket = await connected(backend, enrolled);
  const closed = socket.closed();
  socket.send({ type: "server_message", message: {}, client_id: "c", stream_id: "s", seq_id: 1 });
  expect([await closed, socket.texts]).toEqual([1006, []]);
});

test("loses the last acknowledgements before it drops a connection", async () => {
  const { backend, enrolled, server } = await openServer();
  server.openClient({ clientId: "c", streamId: "s" });
  server.disconnectAfter({ afterEnvelopes: 4, direction: "from_server", losesAcks: 2 });
  const socket = await connected(backend, enrolled);
  const closed = socket.closed();
  for (let seq_id = 1; seq_id <= 4; seq_id += 1)
    socket.send({ type: "server_message", message: {}, client_id: "c", stream_id: "s", seq_id });
  expect(await closed).toBe(1006);
  expect(socket.texts.map((text) => JSON.parse(text).seq_id)).toEqual([1, 2]);
});

test("loses acknowledgements, and gives none if it is not to", async () => {
  const { backend, enrolled, server } = await openServer();
  const peer = server.openClient({ clientId: "c", streamId: "s" });
  const socket = await connected(backend, enrolled);
  const send = (seq_id: number): void =>
    socket.send({ type: "server_message", message: {}, client_id: "c", stream_id: "s", seq_id });
  server.loseAcks(1);
  send(1);
  send(2);
  expect(await socket.next()).toMatchObject({ type: "ack", seq_id: 2 });
  peer.acknowledges = false;
  send(3);
  await peer.waitFor(3);
  peer.acknowledge(3, 0);
  expect(await socket.next()).toMatchObject({ type: "ack", seq_id: 3, segment_id: 0 });
});

test("a server has one connection, and one that is not read waits", async () => {
  const { backend, enrolled, server } = await openServer();
  const peer = server.openClient({ clientId: "c", streamId: "s" });
  const first = await connected(backend, enrolled);
  const closed = first.closed();
  server.pause(true);
  const second = await connected(backend, enrolled);
  expect(await closed).toBe(4000);
  second.send({ type: "pong", status: "active", client_id: "c", stream_id: "s", seq_id: 1 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(peer.pongs).toEqual([]);
  server.pause(false);
  expect(await peer.waitForPongs(1)).toEqual(["active"]);
});

test("sends anything as it is", async () => {
  const { backend, enrolled, server } = await openServer();
  const socket = await connected(backend, enrolled);
  await server.sendRaw("no json");
  await server.sendRaw({ type: "news" });
  await expect.poll(() => socket.texts).toEqual(["no json", '{"cursor":"cursor-1","type":"news"}']);
});

function chunk(difference: object): object {
  return {
    type: "server_message_chunk",
    segment_id: 0,
    segment_count: 2,
    message_size_bytes: 2,
    message_chunk_base64: "eA==",
    client_id: "c",
    stream_id: "s",
    seq_id: 1,
    ...difference,
  };
}
