import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createTransport } from "@codex-ts/client";
import { startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { AccountClient, BackendClient, unifiedDiff, WorkspaceRouter } from "../src/index.js";
import { TestLogin } from "./support/test-login.js";

test("README example: limits and tasks, as it is written", async () => {
  await using backend = await startBackend();
  backend.account.usage.use(7);
  backend.cloud.addTask({ attempts: [{ diff: "diff --git a/a b/a\n" }] });
  const auth = new TestLogin();
  const written: string[] = [];
  const write = (text: string): number => written.push(text);
  const [{ chatgpt }] = [backend.urls];

  await using transport = createTransport();
  const client = new BackendClient({ transport, baseUrl: chatgpt, auth });

  const { primary } = await client.getRateLimits({ timeoutMs: 10_000 });
  write(`${primary?.used_percent} % of the limit are used up`);

  const { items } = await client.listTasks({ limit: 1, taskFilter: "current" });
  for (const { id } of items) write(unifiedDiff(await client.getTask(id)) ?? "no diff");

  expect(written).toEqual(["7 % of the limit are used up", "diff --git a/a b/a\n"]);
});

test("README example: what the app server answers, as it is written", async () => {
  await using backend = await startBackend();
  backend.account.usage.use(100);
  backend.account.usage.addResetCredits(1);
  backend.account.messages = [{ message_id: "m", message_type: "headline", message_body: "Hello" }];
  const [auth, baseUrl] = [new TestLogin(), backend.urls.chatgpt];
  const written: string[] = [];
  const write = (text: string): number => written.push(text);
  await using transport = createTransport();

  const account = new AccountClient({ transport, baseUrl, auth });
  const { rateLimits, rateLimitResetCredits } = await account.readRateLimits();
  if (rateLimits.primary?.usedPercent === 100 && rateLimitResetCredits?.availableCount)
    write((await account.consumeResetCredit(randomUUID())).outcome); // reset
  const { featureEnabled, messages } = await account.readWorkspaceMessages();
  if (featureEnabled) write(messages.map(({ messageBody }) => messageBody).join("\n"));

  expect(written).toEqual(["reset", "Hello"]);
});

test("README example: where model calls go, as it is written", async () => {
  await using backend = await startBackend();
  const [auth, baseUrl] = [new TestLogin(), backend.urls.chatgpt];
  const allowedOrigins = [backend.urls.origin];
  const written: (string | undefined)[] = [];
  const write = (text: string | undefined): number => written.push(text);
  await using transport = createTransport();

  const router = new WorkspaceRouter({ transport, baseUrl, auth, allowedOrigins });
  const route = await router.resolve();
  write(route?.baseUrl); // https://chatgpt.com/backend-api/codex
  write(route?.headers["x-openai-account-routing-override"]); // us

  expect(written).toEqual([backend.urls.codex, "us"]);
});

test("the examples of the README are those that are run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const self = compressed(readFileSync(new URL(import.meta.url), "utf8"));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const statements = examples.map((code) =>
    // The tests talk to a backend of their own.
    code
      .replaceAll(/^import .*$/gm, "")
      .replace('baseUrl: "https://chatgpt.com/backend-api"', "baseUrl: chatgpt"),
  );
  expect(statements).toHaveLength(3);
  for (const code of statements) expect(self).toContain(compressed(code));
});

/** The formatter breaks lines of this file as it does not those of the README. */
function compressed(code: string): string {
  return code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([({[\])}]) ?/g, "$1")
    .replaceAll(/,(?=[)}\]])/g, "")
    .trim();
}
