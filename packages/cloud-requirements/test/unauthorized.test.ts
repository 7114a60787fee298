import { AuthError } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import { bundlePath, startWorkspace, type Workspace } from "./support/start-workspace.js";
import { loginOf } from "./support/workspace-login.js";

const genericText =
  "Your authentication session could not be refreshed automatically. Please log out and sign in again.";
const accountChangedText =
  "Your access token could not be refreshed because you have since logged out or signed in to another account. Please sign in again.";

function refuse({ backend }: Workspace, times = 1): void {
  backend.fault({ kind: "unauthorized", path: bundlePath, times });
}

test("a login that renews itself costs no attempt, and the cache belongs to the login that was used", async () => {
  const workspace = await startWorkspace();
  const { backend, login, start, pauses, readCache } = workspace;
  refuse(workspace);
  login.onRejection = ({ round, status }) => {
    login.snapshot = loginOf({ userId: "user-2" }, {}, "token-2");
    return round === 0 && status === 401;
  };

  expect((await start().load()).origin).toBe("backend");
  expect(backend.requests.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer access-token-test",
    "Bearer token-2",
  ]);
  expect(pauses).toEqual([]);
  expect((await readCache())?.signed_payload).toMatchObject({ chatgpt_user_id: "user-2" });
});

test("recoveries are not counted among the five attempts", async () => {
  const workspace = await startWorkspace();
  const { backend, login, start, pauses } = workspace;
  const rounds: number[] = [];
  login.onRejection = ({ round }) => rounds.push(round) > 0;
  refuse(workspace, 2);
  backend.fault({ kind: "status", status: 500, path: bundlePath, times: 4 });

  expect((await start().load()).origin).toBe("backend");
  expect(backend.requests.map(({ status }) => status)).toEqual([401, 401, 500, 500, 500, 500, 200]);
  expect([rounds, pauses]).toEqual([
    [0, 1],
    [200, 400, 800, 1600],
  ]);
});

test("a login that can never be renewed says why, after one request", async () => {
  const workspace = await startWorkspace();
  const { backend, login, start } = workspace;
  refuse(workspace, 9);
  login.onRejection = () => {
    throw new AuthError(accountChangedText, { kind: "build" });
  };

  await expect(start().load()).rejects.toMatchObject({
    code: "Auth",
    status: 401,
    message: accountChangedText,
    hint: "Sign out and sign in again.",
  });
  expect(backend.requests).toHaveLength(1);
});

test("a login that has no way to be renewed is refused after one request", async () => {
  const workspace = await startWorkspace();
  refuse(workspace, 9);

  await expect(workspace.start().load()).rejects.toMatchObject({
    code: "Auth",
    status: 401,
    message: genericText,
  });
  expect(workspace.backend.requests).toHaveLength(1);
});

test("a login that renews itself in vain is given up after three rounds", async () => {
  const workspace = await startWorkspace();
  refuse(workspace, 99);
  workspace.login.onRejection = () => true;

  await expect(workspace.start().load()).rejects.toMatchObject({ code: "Auth", message: genericText });
  expect(workspace.backend.requests).toHaveLength(4);
});

test("a renewal that fails for now is tried again with the next attempt", async () => {
  const workspace = await startWorkspace();
  const { backend, login, start, pauses } = workspace;
  refuse(workspace, 2);
  let calls = 0;
  login.onRejection = () => {
    calls += 1;
    if (calls === 1) throw new AuthError("the token endpoint is down", { kind: "transient" });
    return true;
  };

  expect((await start().load()).origin).toBe("backend");
  expect(backend.requests).toHaveLength(3);
  expect(pauses).toEqual([200]);
});

test("a renewal that fails for now five times is an error that names the 401", async () => {
  const workspace = await startWorkspace();
  refuse(workspace, 99);
  workspace.login.onRejection = () => {
    throw new AuthError("the token endpoint is down", { kind: "transient" });
  };

  await expect(workspace.start().load()).rejects.toMatchObject({ code: "RequestFailed", status: 401 });
  expect(workspace.backend.requests).toHaveLength(5);
});

test("whoever has signed out meanwhile sends nothing more", async () => {
  const workspace = await startWorkspace();
  const { backend, login, start } = workspace;
  refuse(workspace, 9);
  login.onRejection = () => {
    login.snapshot = undefined;
    return true;
  };

  await expect(start().load()).rejects.toMatchObject({ code: "Auth", message: genericText });
  expect(backend.requests).toHaveLength(1);
});

test("a key that takes the place of the login is not sent to the backend", async () => {
  const workspace = await startWorkspace();
  const { backend, login, start } = workspace;
  refuse(workspace, 9);
  login.onRejection = () => {
    login.snapshot = loginOf({}, { mode: "apikey", usesCodexBackend: false }, "sk-test");
    return true;
  };

  await expect(start().load()).rejects.toMatchObject({
    code: "Auth",
    message: "the login does not use the Codex backend",
  });
  expect(backend.requests).toHaveLength(1);
});

test("policies of one who has meanwhile given way to another are not in force, and are not cached for that one", async () => {
  const { backend, login, start, readCache } = await startWorkspace();
  const cached: unknown[] = [];
  login.onRead = async () => cached.push((await readCache())?.signed_payload["account_id"]);
  backend.fault({ kind: "drip", bytes: 64, intervalMs: 5, path: bundlePath });

  const load = start().load();
  await backend.waitForRequests(1);
  login.snapshot = loginOf({ userId: "user-2", accountId: "acct-2" }, {}, "token-2");
  backend.managedConfig.setFragments({ config: ['model = "of the other"'] });
  const { configLayers, cache } = await load;

  expect(configLayers[0]?.config["model"]).toBe("of the other");
  expect(cache?.status).toBe("CacheIdentityMismatch");
  expect(backend.requests.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer access-token-test",
    "Bearer token-2",
  ]);
  expect([...new Set(cached)]).toEqual([undefined, "acct-1", "acct-2"]);
});
