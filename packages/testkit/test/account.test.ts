import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Backend, startBackend } from "../src/index.js";
import { type CodexCalls, codexCalls } from "./support/codex-calls.js";
import { errorCode, postResponses, turn } from "./support/post.js";

let now: number;
let backend: Backend;
let calls: CodexCalls;
beforeEach(async () => {
  now = 1_800_000_000_000;
  backend = await startBackend({ clock: () => now });
  calls = codexCalls(backend);
});
afterEach(() => backend.close());

async function get(path: string): Promise<unknown> {
  const response = await calls.get(path);
  expect(response.status).toBe(200);
  return response.json();
}

async function post(path: string, body: object): Promise<unknown> {
  return (await calls.post(path, body)).json();
}

test("tells how much of the limits is used up", async () => {
  backend.account.usage.use(30);
  backend.account.usage.planType = "business";
  backend.account.usage.overrides = { credits: { has_credits: true, unlimited: false, balance: "5" } };
  expect(await get("/usage")).toEqual({
    plan_type: "business",
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: {
        used_percent: 30,
        limit_window_seconds: 18_000,
        reset_after_seconds: 18_000,
        reset_at: 1_800_018_000,
      },
      secondary_window: {
        used_percent: 30,
        limit_window_seconds: 604_800,
        reset_after_seconds: 604_800,
        reset_at: 1_800_604_800,
      },
    },
    credits: { has_credits: true, unlimited: false, balance: "5" },
    spend_control: null,
    additional_rate_limits: null,
    rate_limit_reached_type: null,
    rate_limit_reset_credits: { available_count: 0 },
  });
});

test("each model call uses up a part, over HTTP and over a WebSocket, up to all of it", async () => {
  backend.account.usage.percentPerResponse = 45;
  await postResponses(backend);
  expect(backend.account.usage.primaryPercent).toBe(45);
  const socket = new WebSocket(`${backend.urls.openai.replace("http", "ws")}/responses`, {
    headers: { authorization: "Bearer sk-test" },
  });
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(JSON.stringify({ type: "response.create", ...turn("hello") }));
  await new Promise((resolve) => socket.once("message", resolve));
  socket.terminate();
  expect(backend.account.usage.primaryPercent).toBe(90);
  await postResponses(backend);
  expect(await get("/usage")).toMatchObject({
    rate_limit: { allowed: false, limit_reached: true, primary_window: { used_percent: 100 } },
    rate_limit_reached_type: { type: "rate_limit_reached" },
  });
});

test("credits start the limits anew, once for each request id", async () => {
  const consume = (id: string, more: object = {}): Promise<unknown> =>
    post("/rate-limit-reset-credits/consume", { redeem_request_id: id, ...more });
  expect(await consume("r1")).toEqual({ code: "no_credit", windows_reset: 0 });
  backend.account.usage.addResetCredits(2);
  expect(await consume("r1")).toEqual({ code: "nothing_to_reset", windows_reset: 0 });
  backend.account.usage.use(10);
  backend.account.usage.secondaryPercent = 0;
  expect(await consume("r1", { credit_id: "none" })).toEqual({ code: "no_credit", windows_reset: 0 });
  expect(await consume("r1", { credit_id: "credit_2" })).toEqual({ code: "reset", windows_reset: 1 });
  backend.account.usage.use(10);
  expect(await consume("r1")).toEqual({ code: "already_redeemed", windows_reset: 0 });
  const credit = {
    reset_type: "rate_limit",
    granted_at: new Date(now).toISOString(),
    expires_at: null,
    title: "Rate limit reset",
    description: null,
  };
  expect(await get("/rate-limit-reset-credits")).toEqual({
    credits: [
      { id: "credit_1", status: "available", ...credit },
      { id: "credit_2", status: "redeemed", ...credit },
    ],
    available_count: 1,
  });
  const refused = await calls.post("/rate-limit-reset-credits/consume", {});
  expect([refused.status, await errorCode(refused)]).toEqual([400, "invalid_request_body"]);
  const wrong = await calls.post("/rate-limit-reset-credits/consume", {
    redeem_request_id: "r",
    credit_id: 1,
  });
  expect(wrong.status).toBe(400);
});

test("several accounts, each with an origin and a routing of its own, in both forms", async () => {
  backend.account.accounts = [
    {
      id: "a1",
      name: "One",
      workspace_backend_origin: "https://eu.chatgpt.com",
      account_routing_override: "eu",
    },
    { id: "a2", structure: "workspace", account_routing_override: null },
  ];
  const one = {
    structure: "personal",
    plan_type: "pro",
    name: "One",
    workspace_backend_origin: "https://eu.chatgpt.com",
    account_routing_override: "eu",
  };
  const two = {
    structure: "workspace",
    plan_type: "pro",
    workspace_backend_origin: backend.urls.origin,
    account_routing_override: null,
  };
  expect(await get("/accounts/check")).toEqual({
    accounts: [
      { id: "a1", ...one },
      { id: "a2", ...two },
    ],
    account_ordering: ["a1", "a2"],
    default_account_id: "a1",
  });
  backend.account.accountsForm = "map";
  backend.account.accountOrdering = ["a2"];
  backend.account.defaultAccountId = null;
  expect(await get("/accounts/check")).toEqual({
    accounts: {
      a1: { account: { account_id: "a1", ...one } },
      a2: { account: { account_id: "a2", ...two } },
    },
    account_ordering: ["a2"],
    default_account_id: null,
  });
});

test("a second mail to the owner has to wait", async () => {
  const nudge = (): Promise<Response> =>
    calls.post("/accounts/send_add_credits_nudge_email", { credit_type: "credits" });
  expect((await nudge()).status).toBe(200);
  now += backend.account.nudgeCooldownMs - 1;
  const refused = await nudge();
  expect([refused.status, await errorCode(refused)]).toEqual([429, "cooldown_active"]);
  now += 1;
  expect((await nudge()).status).toBe(200);
  expect(backend.account.nudges).toEqual(["credits", "credits"]);
  const wrong = await calls.post("/accounts/send_add_credits_nudge_email", { credit_type: "money" });
  expect(wrong.status).toBe(400);
});

test("messages of a workspace, or none at all", async () => {
  expect(await get("/workspace-messages")).toEqual({ messages: [] });
  const message = { message_id: "m", message_type: "headline", message_body: "text" };
  backend.account.messages = [message];
  expect(await get("/workspace-messages")).toEqual({ messages: [message] });
  backend.account.messages = undefined;
  expect((await calls.get("/workspace-messages")).status).toBe(404);
});

test("profile, settings and the cost of threads are what the test says", async () => {
  backend.account.profile = { stats: { lifetime_tokens: 7 } };
  backend.account.settings = { commit_attribution_enabled: true };
  backend.account.threadUsage = ["a", "b"].map((thread_id) => ({
    thread_id,
    estimated_usage_credits_micros: 5,
  }));
  expect(await get("/profiles/me")).toEqual({ stats: { lifetime_tokens: 7 } });
  expect(await get("/settings/user")).toEqual({ commit_attribution_enabled: true });
  expect(await post("/usage/thread_usage/query", { thread_ids: ["b", "c"] })).toEqual({
    threads: [{ thread_id: "b", estimated_usage_credits_micros: 5 }],
  });
});
