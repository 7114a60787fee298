import { expect, test } from "vitest";
import { answerRemoteControlCall, type RemoteControlMethod, remoteControlMethods } from "../src/index.js";
import { openWorld, untilStatus } from "./support/world.js";

const methods = Object.keys(remoteControlMethods) as RemoteControlMethod[];
const goodParams: Partial<Record<RemoteControlMethod, object>> = {
  "remoteControl/pairing/start": {},
  "remoteControl/pairing/status": { pairingCode: "p" },
  "remoteControl/client/list": { environmentId: "e" },
  "remoteControl/client/revoke": { environmentId: "e", clientId: "c" },
};

test("names the queue of each method", () => {
  expect(remoteControlMethods).toEqual({
    "remoteControl/enable": { queue: "remote-control", isSharedRead: false },
    "remoteControl/disable": { queue: "remote-control", isSharedRead: false },
    "remoteControl/status/read": { queue: "remote-control", isSharedRead: true },
    "remoteControl/pairing/start": { queue: "remote-control-pairing", isSharedRead: false },
    "remoteControl/pairing/status": { queue: "remote-control-pairing", isSharedRead: true },
    "remoteControl/client/list": { queue: "remote-control-clients", isSharedRead: true },
    "remoteControl/client/revoke": { queue: "remote-control-clients", isSharedRead: false },
  });
});

test.each(methods)("without remote control, %s is answered by an internal error", async (method) => {
  const params = goodParams[method];
  expect(await answerRemoteControlCall(undefined, { method, params })).toEqual({
    error: { code: -32603, message: "remote control is unavailable for this app-server" },
  });
});

test.each(methods)("%s is refused by managed requirements", async (method) => {
  const world = await openWorld({ startup: "persisted", isAllowed: false });
  const control = await world.start();
  expect(await answerRemoteControlCall(control, { method, params: goodParams[method] })).toEqual({
    error: { code: -32600, message: "remote control is disabled by managed requirements" },
  });
});

test.each([
  [
    { pairingCode: "a", manualPairingCode: "b" },
    "remoteControl/pairing/status accepts either pairingCode or manualPairingCode, not both",
  ],
  [{}, "remoteControl/pairing/status requires pairingCode or manualPairingCode"],
  [{ pairingCode: null }, "remoteControl/pairing/status requires pairingCode or manualPairingCode"],
])("the parameters %j come before everything else", async (params, message) => {
  const call = { method: "remoteControl/pairing/status", params } as const;
  expect(await answerRemoteControlCall(undefined, call)).toEqual({ error: { code: -32600, message } });
});

test.each([
  ["remoteControl/enable", { ephemeral: "yes" }, /`ephemeral`/],
  ["remoteControl/pairing/start", { manualCode: 1 }, /`manualCode`/],
  ["remoteControl/client/list", { order: "up", environmentId: "e" }, /`order`/],
  ["remoteControl/client/list", undefined, /remoteControl\/client\/list/],
  ["remoteControl/client/revoke", { environmentId: "e" }, /`clientId`/],
] as const)("%s refuses %j", async (method, params, message) => {
  const reply = await answerRemoteControlCall(undefined, { method, params });
  expect(reply).toMatchObject({ error: { code: -32600, message: expect.stringMatching(message) } });
});

test("operates remote control from beginning to end", async () => {
  const world = await openWorld({ startup: "persisted" });
  const control = await world.start();
  const call = (method: RemoteControlMethod, params?: unknown) =>
    answerRemoteControlCall(control, { method, params });
  expect(await call("remoteControl/status/read")).toMatchObject({ result: { status: "disabled" } });
  expect(await call("remoteControl/enable", null)).toMatchObject({ result: { status: "connecting" } });
  await untilStatus(control, "connected");
  const { environmentId } = control.status;
  const pairing = await call("remoteControl/pairing/start", { manualCode: true });
  expect(pairing).toMatchObject({ result: { environmentId, manualPairingCode: expect.any(String) } });
  const { pairingCode } = (pairing as { result: { pairingCode: string } }).result;
  expect(await call("remoteControl/pairing/status", { pairingCode })).toEqual({ result: { claimed: false } });
  world.backend.remoteControl.pairedClients.set("e", [{ client_id: "c" }]);
  expect(await call("remoteControl/client/list", { environmentId: "e", limit: 5 })).toMatchObject({
    result: { data: [{ clientId: "c" }], nextCursor: null },
  });
  expect(await call("remoteControl/client/revoke", { environmentId: "e", clientId: "c" })).toEqual({
    result: {},
  });
  expect(await call("remoteControl/disable", { ephemeral: true })).toEqual({
    result: {
      status: "disabled",
      serverName: "Büro",
      installationId: "installation-1",
      environmentId: null,
    },
  });
});

test.each([
  ["remoteControl/enable", undefined, -32600],
  ["remoteControl/disable", { ephemeral: false }, -32600],
  ["remoteControl/pairing/start", {}, -32600],
  ["remoteControl/client/list", { environmentId: "" }, -32600],
  ["remoteControl/client/list", { environmentId: "e" }, -32600],
] as const)("without a login, %s %j is an invalid request", async (method, params, code) => {
  const world = await openWorld({ startup: "persisted" });
  world.login.identity = undefined;
  const control = await world.start();
  expect(await answerRemoteControlCall(control, { method, params })).toMatchObject({ error: { code } });
});

test.each([
  ["remoteControl/enable", undefined],
  ["remoteControl/client/list", { environmentId: "e" }],
  ["remoteControl/client/revoke", { environmentId: "e", clientId: "c" }],
] as const)("a failure of the backend is an internal error of %s", async (method, params) => {
  const world = await openWorld({ startup: "persisted" });
  world.backend.fault({ kind: "status", status: 500, path: /remote\/control/, times: 9 });
  const control = await world.start();
  expect(await answerRemoteControlCall(control, { method, params })).toMatchObject({
    error: { code: -32603 },
  });
});

test.each([
  [404, -32600],
  [500, -32603],
])("a pairing status that is answered %i has the code %i", async (status, code) => {
  const world = await openWorld();
  const control = await world.start();
  await untilStatus(control, "connected");
  world.backend.fault({ kind: "status", status, path: "/pair/status" });
  const call = { method: "remoteControl/pairing/status", params: { pairingCode: "p" } } as const;
  expect(await answerRemoteControlCall(control, call)).toMatchObject({ error: { code } });
});
