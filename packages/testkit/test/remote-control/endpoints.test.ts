import { expect, test } from "vitest";
import { call, type Enrolled, enroll, facts, installation, login, openBackend } from "./support.js";

test("enrols a server and renews its token", async () => {
  const backend = await openBackend();
  backend.remoteControl.tokenLifetimeMs = 60_000;
  const enrolled = await enroll(backend);
  const [server] = backend.remoteControl.servers;
  expect(enrolled).toEqual({
    server_id: server?.serverId,
    environment_id: server?.environmentId,
    remote_control_token: expect.stringMatching(/^rct_/),
    expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect([server?.accountId, server?.facts]).toEqual(["account-test", facts]);
  expect(Date.parse(enrolled.expires_at) - Date.now()).toBeLessThanOrEqual(60_000);
  const { status, body } = await call(backend, "server/refresh", {
    headers: { ...login, ...installation },
    json: { server_id: enrolled.server_id, installation_id: "inst" },
  });
  expect([status, (body as Enrolled).server_id]).toEqual([200, enrolled.server_id]);
  expect((body as Enrolled).remote_control_token).not.toBe(enrolled.remote_control_token);
});

test.each([
  ["no credential", {}, facts, 401],
  ["an unknown token", { ...login, authorization: "Bearer strange" }, facts, 401],
  ["an API key", { authorization: "Bearer sk-test", "chatgpt-account-id": "account-test" }, facts, 403],
  ["no account", { authorization: login.authorization }, facts, 403],
  ["the account twice", { ...login, "chatgpt-account-id": "account-test, account-test" }, facts, 401],
  ["another installation in the body", login, { ...facts, installation_id: "other" }, 400],
  ["no name", login, { ...facts, name: "" }, 400],
])("refuses to enrol with %s", async (_what, headers, json, status) => {
  const backend = await openBackend();
  const answer = await call(backend, "server/enroll", { headers: { ...headers, ...installation }, json });
  expect([answer.status, backend.remoteControl.servers]).toEqual([status, []]);
});

test("renews no token of a server that is not known, not the account's, or elsewhere", async () => {
  const backend = await openBackend();
  const { server_id } = await enroll(backend);
  const refresh = (json: object, installationId = "inst", credential: object = login) =>
    call(backend, "server/refresh", {
      headers: { ...credential, "x-codex-installation-id": installationId },
      json,
    });
  const other = { authorization: "Bearer access-token-other", "chatgpt-account-id": "account-other" };
  expect((await refresh({ server_id, installation_id: "inst" }, "inst", other)).status).toBe(404);
  expect(await refresh({ server_id: "strange", installation_id: "inst" })).toEqual({
    status: 404,
    body: { detail: "Remote app server not found" },
  });
  expect((await refresh({ server_id, installation_id: "other" }, "other")).status).toBe(409);
  const [server] = backend.remoteControl.servers;
  if (server !== undefined) backend.remoteControl.forgetServer(server);
  expect((await refresh({ server_id, installation_id: "inst" })).status).toBe(404);
});

test("pairs with the server token, and tells whether it is claimed", async () => {
  const backend = await openBackend();
  const { remote_control_token, server_id, environment_id } = await enroll(backend);
  const headers = { authorization: `Bearer ${remote_control_token}` };
  expect((await call(backend, "server/pair", { headers: login, json: { manual_code: true } })).status).toBe(
    401,
  );
  expect((await call(backend, "server/pair", { headers, json: {} })).status).toBe(400);
  const { body } = await call(backend, "server/pair", { headers, json: { manual_code: true } });
  const [pairing] = backend.remoteControl.pairings;
  expect(body).toEqual({
    pairing_code: pairing?.pairingCode,
    manual_pairing_code: pairing?.manualPairingCode,
    server_id,
    environment_id,
    expires_at: expect.any(String),
  });
  const status = (json: object) => call(backend, "server/pair/status", { headers, json });
  expect((await status({ pairing_code: pairing?.pairingCode })).body).toEqual({ claimed: false });
  if (pairing !== undefined) pairing.isClaimed = true;
  expect((await status({ manual_pairing_code: pairing?.manualPairingCode })).body).toEqual({ claimed: true });
  expect((await status({ pairing_code: "strange" })).status).toBe(404);
});

test("lists and revokes clients", async () => {
  const backend = await openBackend();
  const { pairedClients } = backend.remoteControl;
  pairedClients.set("e/1", [{ client_id: "a" }, { client_id: "b" }, { client_id: "c" }]);
  const list = (query: string) =>
    call(backend, `environments/e%2F1/clients${query}`, { method: "GET", headers: login });
  expect((await list("?limit=2")).body).toEqual({
    items: [{ client_id: "a" }, { client_id: "b" }],
    cursor: "2",
  });
  expect((await list("?cursor=2&limit=2")).body).toEqual({ items: [{ client_id: "c" }] });
  expect((await list("?order=desc")).body).toMatchObject({ items: [{ client_id: "c" }, {}, {}] });
  const revoke = () => call(backend, "environments/e%2F1/clients/b", { method: "DELETE", headers: login });
  expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 404]);
  expect(pairedClients.get("e/1")).toHaveLength(2);
  expect((await call(backend, "environments/e/clients", { method: "GET" })).status).toBe(401);
});
