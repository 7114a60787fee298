import { afterEach, expect, test, vi } from "vitest";
import { AccountClient, type BackendError, backendErrorText } from "../src/index.js";
import { answerWith } from "./support/answer-with.js";
import { backendRejection } from "./support/backend-rejection.js";
import { startClient, type TestClient } from "./support/start-client.js";

afterEach(() => {
  vi.useRealTimers();
});

async function startAccount(): Promise<TestClient & { readonly account: AccountClient }> {
  const started = await startClient();
  return { ...started, account: new AccountClient(started.options) };
}

const methods = [
  [
    "rate limits",
    (account: AccountClient) => account.readRateLimits(),
    "authentication required to read rate limits",
    "failed to fetch codex rate limits: ",
  ],
  [
    "reset credits",
    (account: AccountClient) => account.consumeResetCredit("key-1"),
    "authentication required for rate limit reset credits",
    "failed to consume rate limit reset: ",
  ],
  [
    "token usage",
    (account: AccountClient) => account.readUsage(),
    "authentication required to read token usage",
    "failed to fetch token usage profile: ",
  ],
  [
    "workspace messages",
    (account: AccountClient) => account.readWorkspaceMessages(),
    "authentication required to read workspace messages",
    "failed to fetch workspace messages: ",
  ],
  [
    "a mail to the owner",
    (account: AccountClient) => account.sendAddCreditsNudgeEmail("credits"),
    "authentication required to notify workspace owner",
    "failed to notify workspace owner: ",
  ],
] as const;

test.each(methods)("%s: without a login, or with an API key, nothing is sent", async (_, call, text) => {
  const { backend, account, login } = await startAccount();
  login.facts = undefined;
  expect(await backendRejection(call(account))).toMatchObject({
    kind: "auth",
    message: `codex account ${text}`,
  });
  login.facts = { mode: "apikey", usesCodexBackend: false };
  expect(await backendRejection(call(account))).toMatchObject({ kind: "auth", message: `chatgpt ${text}` });
  expect(backend.requests).toEqual([]);
});

test.each(methods)("%s: an agent identity may ask", async (_, call) => {
  const { account, login } = await startAccount();
  login.facts = { mode: "agentIdentity" };
  await call(account);
});

test.each(methods)("%s: a failure says what failed and why", async (_, call, _gate, failed) => {
  const { backend, account } = await startAccount();
  backend.fault({
    kind: "status",
    path: /./,
    status: 503,
    body: "sorry",
    headers: { "content-type": "text/plain" },
  });
  const error = await backendRejection(call(account));
  expect(error).toMatchObject({ kind: "status", status: 503, requestId: backend.requests[0]?.requestId });
  const { method, path } = backend.requests[0] ?? {};
  const text = `${failed}${method} ${backend.urls.origin}${path} failed: 503 Service Unavailable`;
  expect(error.message).toBe(text);
  expect(backendErrorText(error)).toBe(`${text}; content-type=text/plain; body=sorry`);
});

test("limits come by their ids, with the credits that start them anew", async () => {
  const { backend, account } = await startAccount();
  backend.account.usage.addResetCredits(3);
  backend.account.usage.use(25);
  expect(await account.readRateLimits()).toMatchObject({
    rateLimits: { limitId: "codex", primary: { usedPercent: 25, windowDurationMins: 300 }, planType: "pro" },
    rateLimitsByLimitId: { codex: { limitId: "codex" } },
    rateLimitResetCredits: { availableCount: 3 },
  });
});

test.each([
  ["reset", "reset"],
  ["nothing_to_reset", "nothingToReset"],
  ["no_credit", "noCredit"],
  ["already_redeemed", "alreadyRedeemed"],
])("a credit whose end was %s", async (code, outcome) => {
  const { backend, account } = await startAccount();
  answerWith(backend, { code });
  expect(await account.consumeResetCredit("key-1")).toEqual({ outcome });
});

test("a credit is used up once with the same key", async () => {
  const { backend, account } = await startAccount();
  backend.account.usage.addResetCredits(2);
  backend.account.usage.use(50);
  expect(await account.consumeResetCredit("key-1")).toEqual({ outcome: "reset" });
  expect(await account.consumeResetCredit("key-1")).toEqual({ outcome: "alreadyRedeemed" });
  expect(backend.account.usage.availableCredits).toBe(1);
});

test("an empty key is refused, also before the login is asked", async () => {
  const { backend, account, login } = await startAccount();
  login.facts = undefined;
  await expect(account.consumeResetCredit("")).rejects.toThrow(
    new TypeError("idempotencyKey must not be empty"),
  );
  expect(backend.requests).toEqual([]);
});

const limited = [
  ["rate limit reset consume timed out", 10_000, (a: AccountClient) => a.consumeResetCredit("key-1")],
  ["token usage profile fetch timed out", 10_000, (a: AccountClient) => a.readUsage()],
  ["workspace messages fetch timed out", 1_000, (a: AccountClient) => a.readWorkspaceMessages()],
] as const;

test.each(limited)("%s after %i ms", async (message, limitMs, call) => {
  const { backend, account } = await startAccount();
  // What is loaded with the first request must not be kept waiting by the clock.
  await call(account);
  backend.fault({ kind: "stall_headers", path: /./ });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let failure: BackendError | undefined;
  const failing = backendRejection(call(account)).then((error) => {
    failure = error;
  });
  await backend.waitForRequests(2);
  await vi.advanceTimersByTimeAsync(limitMs - 1);
  expect(failure).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await failing;
  expect(failure).toMatchObject({ kind: "timeout", message });
});

test("a limit of the caller's own takes the place of the usual one", async () => {
  const { backend, account } = await startAccount();
  backend.fault({ kind: "stall_headers", path: /./ });
  const error = await backendRejection(account.readUsage({ timeoutMs: 20 }));
  expect(error.message).toBe("token usage profile fetch timed out");
  // The request that was given up may not have got as far as the fault.
  backend.reset();
  await account.readUsage({ timeoutMs: undefined });
});

test("usage: what is not said is null, and buckets that are null stay so", async () => {
  const { backend, account } = await startAccount();
  backend.account.profile = { stats: { lifetime_tokens: 7, daily_usage_buckets: null } };
  expect(await account.readUsage()).toEqual({
    summary: {
      lifetimeTokens: 7,
      peakDailyTokens: null,
      longestRunningTurnSec: null,
      currentStreakDays: null,
      longestStreakDays: null,
    },
    dailyUsageBuckets: null,
  });
  backend.account.profile = { stats: { daily_usage_buckets: [{ start_date: "2026-06-01", tokens: 5 }] } };
  expect((await account.readUsage()).dailyUsageBuckets).toEqual([{ startDate: "2026-06-01", tokens: 5 }]);
});

test("messages of a workspace, with their times in seconds", async () => {
  const { backend, account } = await startAccount();
  const message = { message_id: "m1", message_body: "text" };
  backend.account.messages = [
    { ...message, message_type: "headline", created_at: "2026-06-14T00:00:00Z", archived_at: null },
    { ...message, message_type: "announcement", created_at: "2026-06-14T02:00:00.75+02:00" },
    { ...message, message_type: "banner" },
  ];
  const { featureEnabled, messages } = await account.readWorkspaceMessages();
  expect(featureEnabled).toBe(true);
  expect(messages).toEqual([
    {
      messageId: "m1",
      messageBody: "text",
      messageType: "headline",
      createdAt: 1781395200,
      archivedAt: null,
    },
    {
      messageId: "m1",
      messageBody: "text",
      messageType: "announcement",
      createdAt: 1781395200,
      archivedAt: null,
    },
    { messageId: "m1", messageBody: "text", messageType: "unknown", createdAt: null, archivedAt: null },
  ]);
});

test("only status 404 means that a workspace has no messages", async () => {
  const { backend, account } = await startAccount();
  backend.account.messages = undefined;
  expect(await account.readWorkspaceMessages()).toEqual({ featureEnabled: false, messages: [] });
  for (const status of [401, 403, 500]) {
    backend.fault({ kind: "status", path: /./, status });
    expect(await backendRejection(account.readWorkspaceMessages())).toMatchObject({ kind: "status", status });
  }
});

test.each([
  "2026-06-14",
  "2026-06-14T00:00:00",
  "2026-02-30T00:00:00Z",
  "2026-06-14T24:00:00Z",
  "soon\u0007",
])("the timestamp %j fails the whole answer", async (createdAt) => {
  const { backend, account } = await startAccount();
  backend.account.messages = [
    { message_id: "m1", message_type: "headline", message_body: "text", created_at: createdAt },
  ];
  const error = await backendRejection(account.readWorkspaceMessages());
  expect(error.kind).toBe("decode");
  expect(error.message).toBe(
    `failed to parse workspace message timestamp \`${createdAt.replace("\u0007", "?")}\`: it is not RFC 3339`,
  );
});

test("a mail to the owner is sent, and the next one has to wait", async () => {
  const { backend, account } = await startAccount();
  expect(await account.sendAddCreditsNudgeEmail("usage_limit")).toEqual({ status: "sent" });
  expect(await account.sendAddCreditsNudgeEmail("credits")).toEqual({ status: "cooldown_active" });
  expect(backend.account.nudges).toEqual(["usage_limit"]);
});

test("a mail to the owner does not wait for what 429 asks to wait", async () => {
  const { backend, account } = await startAccount();
  backend.fault({ kind: "rate_limit", path: /./, retryAfter: "30" });
  expect(await account.sendAddCreditsNudgeEmail("credits")).toEqual({ status: "cooldown_active" });
  expect(backend.requests).toHaveLength(1);
});

test("a call that the caller gave up is nothing but aborted", async () => {
  const { backend, account } = await startAccount();
  backend.fault({ kind: "stall_headers", path: /./ });
  const controller = new AbortController();
  const failing = backendRejection(account.readRateLimits({ signal: controller.signal }));
  await backend.waitForRequests(1);
  controller.abort(new Error("changed my mind"));
  expect(await failing).toMatchObject({ kind: "aborted", cause: new Error("changed my mind") });
});
