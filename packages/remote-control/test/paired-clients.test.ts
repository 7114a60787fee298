import { AuthError } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import { accountA, accountB } from "./support/login.js";
import { openWorld } from "./support/world.js";

const listPath = "/clients";

async function startDisabled() {
  const world = await openWorld({ startup: "disabled" });
  const control = await world.start({ store: undefined });
  return { world, control, paired: world.backend.remoteControl.pairedClients };
}

test("lists clients, also while remote control is off and nothing is enrolled", async () => {
  const { world, control, paired } = await startDisabled();
  paired.set("env 1/ü?", [
    { client_id: "c1", display_name: "Phone", last_seen_at: "2026-07-01T00:00:00Z", more: 1 },
    { client_id: "c2" },
  ]);
  const first = await control.listClients("env 1/ü?", { limit: 1, order: "asc" });
  expect(first).toStrictEqual({
    data: [
      {
        clientId: "c1",
        displayName: "Phone",
        deviceType: null,
        platform: null,
        osVersion: null,
        deviceModel: null,
        appVersion: null,
        lastSeenAt: Date.UTC(2026, 6, 1) / 1000,
      },
    ],
    nextCursor: "1",
  });
  const second = await control.listClients("env 1/ü?", { cursor: "1", limit: 2, order: "asc" });
  expect([second.data.map(({ clientId }) => clientId), second.nextCursor]).toEqual([["c2"], null]);
  await control.listClients("e", { cursor: null, limit: null, order: null });
  const urls = world.backend.requests.map(({ path, query }) => `${path}?${query}`);
  const base = "/backend-api/wham/remote/control/environments";
  expect(urls).toEqual([
    `${base}/env%201%2F%C3%BC%3F/clients?limit=1&order=asc`,
    `${base}/env%201%2F%C3%BC%3F/clients?cursor=1&limit=2&order=asc`,
    `${base}/e/clients?`,
  ]);
  expect(world.backend.requests[0]?.headers).toMatchObject({
    authorization: "Bearer login-token-a",
    "chatgpt-account-id": "account-a",
  });
});

test("takes a pairing back", async () => {
  const { world, control, paired } = await startDisabled();
  paired.set("e", [{ client_id: "a b/c" }]);
  await control.revokeClient("e", "a b/c");
  expect(paired.get("e")).toEqual([]);
  expect(world.backend.requests[0]).toMatchObject({
    method: "DELETE",
    path: "/backend-api/wham/remote/control/environments/e/clients/a%20b%2Fc",
  });
  await expect(control.revokeClient("e", "a b/c")).rejects.toMatchObject({ kind: "not_found", status: 404 });
});

test("a 401 is recovered from once, and what is then answered is the answer", async () => {
  const { world, control } = await startDisabled();
  world.login.identity = { ...accountA, token: "stale" };
  world.login.onRecover = ({ round }) => {
    if (round > 0) return false;
    world.login.identity = accountA;
    return true;
  };
  expect((await control.listClients("e")).data).toEqual([]);
  expect(world.backend.requests).toHaveLength(2);
  world.backend.reset();
  world.backend.fault({ kind: "unauthorized", path: listPath, times: 9 });
  await expect(control.listClients("e")).rejects.toMatchObject({ kind: "permission_denied", status: 401 });
  expect(world.backend.requests).toHaveLength(2);
});

test.each([
  [new AuthError("the refresh token was revoked", { kind: "build" }), "permission_denied"],
  [new AuthError("the issuer does not answer", { kind: "transient" }), "other"],
])("a recovery that fails is of the kind that it stands for: %s", async (failure, kind) => {
  const { world, control } = await startDisabled();
  world.backend.fault({ kind: "unauthorized", path: listPath });
  world.login.onRecover = () => Promise.reject(failure);
  await expect(control.listClients("e")).rejects.toMatchObject({
    kind,
    status: 401,
    message: expect.stringContaining(failure.message),
  });
});

test("nothing is sent as another account than the call began with", async () => {
  const { world, control } = await startDisabled();
  world.login.identity = { ...accountA, token: "stale" };
  world.login.onRecover = () => {
    world.login.identity = accountB;
    return true;
  };
  await expect(control.listClients("e")).rejects.toMatchObject({
    kind: "interrupted",
    code: "account_changed",
    message: "remote control account changed during a request",
  });
  expect(world.backend.requests).toHaveLength(1);
});

test("a 403 is final", async () => {
  const { world, control } = await startDisabled();
  world.login.onRecover = () => true;
  world.backend.fault({ kind: "status", status: 403, path: /clients\/c$/, times: 9, body: "no" });
  await expect(control.revokeClient("e", "c")).rejects.toMatchObject({
    kind: "permission_denied",
    message: expect.stringMatching(
      /^remote control client revoke failed at `http.*\/clients\/c`: HTTP 403 Forbidden, request-id: .*, body: no$/,
    ),
  });
  expect(world.backend.requests).toHaveLength(1);
});

test.each([
  [400, "invalid_input"],
  [404, "not_found"],
  [500, "other"],
])("a %i is of the kind %s, and the message has no query", async (status, kind) => {
  const { world, control } = await startDisabled();
  world.backend.fault({ kind: "status", status, path: listPath, body: "so" });
  const error = await control.listClients("e", { cursor: "tell-nobody" }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind, status });
  expect((error as Error).message).toMatch(
    /^remote control client list failed at `http.*\/e\/clients`: HTTP /,
  );
  expect((error as Error).message).not.toContain("tell-nobody");
});

test.each([
  [
    '{"items":[{"display_name":"x"}]}',
    "other",
    /^failed to parse remote control client list response from `http.*`: HTTP 200 OK, .*, decode error: items.0.client_id: /,
  ],
  ["{", "other", /decode error: it is not JSON$/],
  [
    '{"items":[{"client_id":"c","last_seen_at":"once"}]}',
    "invalid_data",
    /^failed to parse remote control client last_seen_at `once`: /,
  ],
])("an answer that is none: %s", async (body, kind, message) => {
  const { world, control } = await startDisabled();
  world.backend.fault({ kind: "status", status: 200, path: listPath, body });
  await expect(control.listClients("e")).rejects.toMatchObject({
    kind,
    message: expect.stringMatching(message),
  });
});

test("no answer is told without the URL", async () => {
  const { world, control } = await startDisabled();
  await world.backend.close();
  await expect(control.listClients("e")).rejects.toMatchObject({
    kind: "other",
    message: expect.stringMatching(/^failed to list remote control clients: /),
  });
  await expect(control.revokeClient("e", "c")).rejects.toMatchObject({
    message: expect.stringMatching(/^failed to revoke remote control client: /),
  });
});

test("refuses what cannot be, before anything is sent", async () => {
  const { world, control } = await startDisabled();
  for (const [call, message] of [
    [control.listClients(""), "remote control client list requires environmentId"],
    [control.listClients("e", { limit: 0 }), "remote control client list limit must be between 1 and 100"],
    [control.listClients("e", { limit: 101 }), "remote control client list limit must be between 1 and 100"],
    [control.revokeClient("", "c"), "remote control client revoke requires environmentId"],
    [control.revokeClient("e", ""), "remote control client revoke requires clientId"],
  ] as const)
    await expect(call).rejects.toMatchObject({ kind: "invalid_input", message });
  expect(world.backend.requests).toEqual([]);
});

test("waits for no login", async () => {
  const { world, control } = await startDisabled();
  world.login.identity = undefined;
  await expect(control.listClients("e")).rejects.toMatchObject({ kind: "permission_denied" });
  world.login.identity = { token: "login-token-a" };
  await expect(control.listClients("e")).rejects.toMatchObject({ kind: "would_block" });
});
