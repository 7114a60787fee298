import { inspect } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  ChatgptClient,
  ChatgptError,
  type ChatgptErrorKind,
  chatgptErrorText,
  isChatgptError,
} from "../src/index.js";
import { startClient } from "./support/start-client.js";
import { workspace } from "./support/test-login.js";

test.each([
  ["https://chatgpt.com.example.net", /looks like ChatGPT's/],
  ["https://chatgpt.com@example.net/backend-api", /user name or password/],
  ["https://user:secret@chatgpt.com/backend-api", /user name or password/],
  ["https://chatgpt.com/backend-api?x=secret", /neither query nor fragment/],
  ["https://chatgpt.com/backend-api#secret", /neither query nor fragment/],
  ["http://chatgpt.com/backend-api", /https/],
  ["https://example.net/backend-api", /allowedOrigins/],
  ["http://example.net/backend-api", /allowedOrigins/],
  ["ftp://chatgpt.com", /https/],
  ["chatgpt.com", /absolute URL/],
])("no client is made for the base URL %s", async (baseUrl, message) => {
  const { options } = await startClient();
  const making = () => new ChatgptClient({ ...options, baseUrl });
  expect(making).toThrow(TypeError);
  expect(making).toThrow(message);
  expect(making).not.toThrow(/secret/);
});

test("another origin must be allowed", async () => {
  const { options } = await startClient();
  const baseUrl = "https://example.net/backend-api";
  const allowedOrigins = ["https://example.net"];
  expect(new ChatgptClient({ ...options, baseUrl, allowedOrigins })).toBeDefined();
});

test.each<[ChatgptErrorKind, object, string]>([
  ["transport", { kind: "reset" }, "Failed to send request"],
  ["decode", { kind: "status", status: 200, body: "[]" }, "Failed to parse JSON response"],
  [
    "status",
    { kind: "status", status: 418, body: "tea" },
    "Request failed with status 418 I'm a teapot: tea",
  ],
  ["status", { kind: "html", status: 403 }, "Request failed with status 403 Forbidden: <!DOCTYPE html>"],
])("a failure of kind %s is shown as the reference shows it", async (kind, fault, text) => {
  const { backend, client } = await startClient();
  backend.fault({ ...(fault as { kind: "reset" }), path: "/batch" });
  const error = await client.lookUpApps(["x"]).catch((reason: unknown) => reason);
  expect(isChatgptError(error)).toBe(true);
  expect(error).toMatchObject({ kind });
  expect(chatgptErrorText(error as ChatgptError)).toMatch(
    new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`),
  );
});

test("waits as long as the server asks, and says how long when that is too long", async () => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "rate_limit", path: "/batch", retryAfter: "3600" });
  await expect(client.lookUpApps(["x"])).rejects.toMatchObject({
    kind: "status",
    status: 429,
    retryAfterMs: 3_600_000,
  });
  backend.fault({ kind: "rate_limit", path: "/batch", retryAfter: "0" });
  await expect(client.lookUpApps(["x"])).resolves.toMatchObject({ missingIds: ["x"] });
});

test("tries again as it is told, and reports each attempt", async () => {
  const attempts: (number | undefined)[] = [];
  const telemetry = {
    onRequest: ({ status }: { readonly status: number | undefined }) => attempts.push(status),
  };
  const retry = { maxAttempts: 1, baseDelayMs: 1, on429: false, on5xx: true, onTransport: false };
  const { backend, client } = await startClient(workspace, { retry, telemetry });
  backend.fault({ kind: "status", status: 500, path: "/settings" });
  expect(await client.arePluginsEnabled()).toBe(true);
  expect(attempts).toEqual([500, 200]);
});

test.each([
  ["/list", 60_000, (client: ChatgptClient) => client.listDirectory()],
  ["/batch", 60_000, (client: ChatgptClient) => client.lookUpApps(["x"])],
  ["/settings", 10_000, (client: ChatgptClient) => client.arePluginsEnabled({ timeoutMs: undefined })],
] as const)("waits for %s no longer than %i ms", async (path, limitMs, call) => {
  const { backend, client } = await startClient(workspace);
  backend.fault({ kind: "stall_headers", path });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  let failure: unknown;
  const calling = call(client).catch((error: unknown) => {
    failure = error;
  });
  await backend.waitForRequests(1, { path });
  await vi.advanceTimersByTimeAsync(limitMs - 1);
  expect(failure).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await calling;
  expect(failure).toMatchObject({ name: "ChatgptError", kind: "timeout" });
});

test("a call that is aborted before it begins asks nothing", async () => {
  const { backend, client } = await startClient(workspace);
  const reason = new Error("not now");
  const signal = AbortSignal.abort(reason);
  const calls = [
    client.listDirectory({ signal }),
    client.listConnectors({ signal, accessible: [] }),
    client.cachedDirectory({ signal }),
    client.lookUpApps(["x"], { signal }),
    client.arePluginsEnabled({ signal }),
    client.getTask("x", { signal }),
    client.clearCaches({ signal }),
  ];
  for (const call of calls) await expect(call).rejects.toMatchObject({ kind: "aborted", cause: reason });
  expect(backend.requests).toHaveLength(0);
});

test("a login that cannot be read is the reason of the failure", async () => {
  const { login, client } = await startClient();
  const reason = new Error("locked");
  login.current = () => Promise.reject(reason);
  await expect(client.listDirectory()).rejects.toMatchObject({
    kind: "auth",
    message: "the login could not be read",
    cause: reason,
  });
});

test("a credential that cannot be made sends nothing", async () => {
  const { backend, login, client } = await startClient();
  const provider = {
    addAuthHeaders() {
      throw new Error("no key");
    },
  };
  login.facts = { provider };
  await expect(client.lookUpApps(["x"])).rejects.toMatchObject({ kind: "auth" });
  expect(backend.requests).toHaveLength(0);
});

test("no failure shows a credential or a body", async () => {
  const { backend, client } = await startClient(workspace);
  const body = "Bearer token of account-w";
  const faults = [
    { kind: "status", status: 500, body },
    { kind: "status", status: 200, body },
    { kind: "unauthorized", body },
    { kind: "reset" },
  ] as const;
  for (const fault of faults) {
    backend.fault({ ...fault, path: "/batch" });
    const error = await client.lookUpApps(["x"]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChatgptError);
    const { message, stack } = error as ChatgptError;
    for (const shown of [message, stack, JSON.stringify(error)]) expect(shown).not.toContain("account-w");
    expect(inspect(error, { depth: 10 })).not.toContain("account-w");
  }
});

test("is recognized by its brand, whatever copy of the package made it", () => {
  const foreign = Object.defineProperty(new Error("x"), Symbol.for("@codex-ts/chatgpt.ChatgptError"), {
    value: true,
  });
  expect(isChatgptError(foreign)).toBe(true);
  for (const other of [new Error("x"), undefined, null, "ChatgptError"])
    expect(isChatgptError(other)).toBe(false);
});
