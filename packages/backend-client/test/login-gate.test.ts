import { type AuthSnapshot, type AuthSource, applyAuth } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import { BackendClient } from "../src/index.js";
import { backendRejection } from "./support/backend-rejection.js";
import { endpoints } from "./support/endpoints.js";
import { startClient } from "./support/start-client.js";

test.each(Object.entries(endpoints))(
  "%s: without a login that will do nothing is sent",
  async (_name, call) => {
    const { backend, client, login } = await startClient();
    login.facts = undefined;
    expect(await backendRejection(call(client))).toMatchObject({
      kind: "auth",
      message: "nobody is logged in",
    });
    login.facts = { mode: "apikey", usesCodexBackend: false };
    expect(await backendRejection(call(client))).toMatchObject({
      kind: "auth",
      message: "the login does not use the Codex backend",
    });
    expect(backend.requests).toEqual([]);
  },
);

test("what decides is whether the login uses the Codex backend, not its mode", async () => {
  const { client, login } = await startClient();
  for (const mode of ["chatgptAuthTokens", "personalAccessToken", "agentIdentity", "headers"]) {
    login.facts = { mode };
    await client.getUsage();
  }
});

test("a login that goes while the server has us wait is noticed before the next attempt", async () => {
  const { backend, client, login } = await startClient();
  backend.fault({ kind: "rate_limit", path: /./, retryAfter: "0" });
  const failing = backendRejection(client.getUsage());
  await backend.waitForRequests(1);
  login.facts = { mode: "apikey", usesCodexBackend: false };
  expect(await failing).toMatchObject({
    kind: "auth",
    message: expect.stringContaining("the login does not use the Codex backend"),
  });
  expect(backend.requests).toHaveLength(1);
});

test("a login that cannot be read is an error of kind auth, with its reason", async () => {
  const { backend, options } = await startClient();
  const reason = new Error("the keyring is locked");
  const source: AuthSource = { provider: options.auth.provider, current: () => Promise.reject(reason) };
  const error = await backendRejection(new BackendClient({ ...options, auth: source }).getUsage());
  expect(error).toMatchObject({ kind: "auth", message: "the login could not be read", cause: reason });
  expect(backend.requests).toEqual([]);
});

test("a credential that cannot be put on the request keeps it from being sent", async () => {
  const { backend, client, login } = await startClient();
  login.token = "line\r\nbreak";
  const error = await backendRejection(client.getUsage());
  expect(error).toMatchObject({ kind: "auth" });
  expect(error.message).not.toContain("break");
  expect(backend.requests).toEqual([]);
});

test("a credential that signs complete requests sees the request as it is sent", async () => {
  const { backend, options, login } = await startClient();
  const seen: unknown[] = [];
  const snapshot = (await login.current()) as AuthSnapshot;
  const source: AuthSource = {
    provider: login.provider,
    current: async () => ({
      ...snapshot,
      provider: {
        addAuthHeaders() {
          throw new Error("it signs complete requests only");
        },
        applyAuth(request) {
          seen.push([request.method, request.url, Buffer.from(request.body ?? "").toString()]);
          return applyAuth(login.provider, request);
        },
      },
    }),
  };
  await new BackendClient({ ...options, auth: source }).sendAddCreditsNudgeEmail("credits");
  const url = `${backend.urls.chatgpt}/wham/accounts/send_add_credits_nudge_email`;
  expect(seen).toEqual([["POST", url, '{"credit_type":"credits"}']]);
});

test("ten calls that meet a 401 at once renew the credential once, and all succeed", async () => {
  const { backend, client, login } = await startClient({}, { bearerTokens: ["token-2"] });
  login.token = "expired";
  login.nextToken = "token-2";
  login.beforeRenewal = () => backend.waitForRequests(10);
  await Promise.all(Array.from({ length: 10 }, () => client.getUsage()));
  expect(login.renewals).toBe(1);
  const statuses = backend.requests.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
});

test("a create is sent again after a 401, with the new credential and the same body", async () => {
  const { backend, client, login } = await startClient({}, { bearerTokens: ["token-2"] });
  login.token = "expired";
  login.nextToken = "token-2";
  await endpoints["create_task"]?.(client);
  expect(backend.requests.map(({ status }) => status)).toEqual([401, 200]);
  expect(backend.requests[1]?.body).toEqual(backend.requests[0]?.body);
  expect(backend.cloud.tasks).toHaveLength(1);
});

test("a 401 that nothing helps against is one", async () => {
  const { backend, client, login } = await startClient();
  login.token = "expired";
  const error = await backendRejection(client.getUsage());
  expect(error).toMatchObject({ kind: "status", status: 401, isUnauthorized: true });
  expect(backend.requests).toHaveLength(1);
});

test("a 401 after which the credential cannot be renewed is one, too, with the reason", async () => {
  const { backend, options, login } = await startClient();
  const reason = new Error("revoked");
  const source: AuthSource = {
    provider: { ...login.provider, recover: () => Promise.reject(reason) },
    current: () => login.current(),
  };
  login.token = "expired";
  const error = await backendRejection(new BackendClient({ ...options, auth: source }).getUsage());
  expect(error).toMatchObject({ kind: "status", status: 401, isUnauthorized: true });
  expect(error.message).toContain("answered 401, and the credential could not be renewed");
  expect(backend.requests).toHaveLength(1);
});

test("the credential does not follow a redirect to another origin", async () => {
  const { backend, client } = await startClient();
  const { backend: other } = await startClient();
  backend.fault({ kind: "redirect", path: /./, to: `${other.urls.chatgpt}/wham/usage` });
  expect(await backendRejection(client.getUsage())).toMatchObject({ kind: "status", status: 401 });
  expect(other.requests[0]?.headers.authorization).toBeUndefined();
  expect(other.requests[0]?.headers["chatgpt-account-id"]).toBeUndefined();
});
