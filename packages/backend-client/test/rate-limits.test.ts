import { rateLimitReachedTypes } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { AccountClient, preferredRateLimit, toRateLimitSnapshots } from "../src/index.js";
import { answerWith } from "./support/answer-with.js";
import { backendRejection } from "./support/backend-rejection.js";
import { readVectors } from "./support/read-vectors.js";
import { startClient } from "./support/start-client.js";

interface Vector {
  readonly name: string;
  readonly input: unknown;
  readonly expected: { readonly decode_error?: true };
}

interface SnapshotVector extends Vector {
  readonly expected: {
    readonly decode_error?: true;
    readonly snapshots: readonly unknown[];
    readonly preferred_index: number;
    readonly reset_credits: unknown;
  };
}

const vectors = readVectors<{
  readonly snapshots: readonly SnapshotVector[];
  readonly app_server_read_response: readonly Vector[];
  readonly consume_reset_credit_response: readonly Vector[];
  readonly accounts_check_response: readonly Vector[];
}>("rate-limit-status");

test.each(vectors.snapshots)("usage: $name", async ({ input, expected }) => {
  const { backend, client } = await startClient();
  answerWith(backend, input);
  if (expected.decode_error) {
    expect(await backendRejection(client.getUsage())).toMatchObject({ kind: "decode" });
    return;
  }
  const usage = await client.getUsage();
  const snapshots = toRateLimitSnapshots(usage);
  expect(snapshots).toStrictEqual(expected.snapshots);
  expect(preferredRateLimit(snapshots)).toBe(snapshots[expected.preferred_index]);
  expect(usage.rate_limit_reset_credits).toStrictEqual(expected.reset_credits);
  answerWith(backend, input);
  expect(await client.getRateLimits()).toStrictEqual(expected.snapshots[expected.preferred_index]);
});

test.each(vectors.app_server_read_response)(
  "what the app server reports: $name",
  async ({ input, expected }) => {
    const { backend, options } = await startClient();
    answerWith(backend, input);
    expect(await new AccountClient(options).readRateLimits()).toStrictEqual(expected);
  },
);

test.each(vectors.consume_reset_credit_response)("a used-up credit: $name", async ({ input, expected }) => {
  const { backend, client } = await startClient();
  answerWith(backend, input);
  const consumed = client.consumeResetCredit("key-1");
  if (expected.decode_error) expect(await backendRejection(consumed)).toMatchObject({ kind: "decode" });
  else expect(await consumed).toStrictEqual(expected);
});

test.each(vectors.accounts_check_response)("accounts: $name", async ({ input, expected }) => {
  const { backend, client } = await startClient();
  answerWith(backend, input);
  const check = client.checkAccounts();
  if (expected.decode_error) expect(await backendRejection(check)).toMatchObject({ kind: "decode" });
  else expect(await check).toStrictEqual(expected);
});

test("without any window there is a snapshot all the same, also of an additional limit", async () => {
  const { backend, client } = await startClient();
  backend.account.usage.overrides = {
    rate_limit: null,
    additional_rate_limits: [{ limit_name: "Spark", metered_feature: "codex_spark" }],
  };
  const windows = toRateLimitSnapshots(await client.getUsage()).map(({ limit_id, primary, secondary }) => ({
    limit_id,
    primary,
    secondary,
  }));
  expect(windows).toEqual([
    { limit_id: "codex", primary: null, secondary: null },
    { limit_id: "codex_spark", primary: null, secondary: null },
  ]);
});

test("a window of no length has no length in minutes", async () => {
  const { backend, client } = await startClient();
  const window = { used_percent: 1, limit_window_seconds: 0, reset_after_seconds: 0, reset_at: 10 };
  backend.account.usage.overrides = {
    rate_limit: { allowed: true, limit_reached: false, primary_window: window },
  };
  expect((await client.getRateLimits()).primary).toEqual({
    used_percent: 1,
    window_minutes: null,
    resets_at: 10,
  });
});

test.each([...rateLimitReachedTypes, "unknown", undefined])("the limit reached is %s", async (type) => {
  const { backend, client } = await startClient();
  backend.account.usage.overrides = { rate_limit_reached_type: type && { type } };
  const expected = rateLimitReachedTypes.find((known) => known === type) ?? null;
  expect((await client.getRateLimits()).rate_limit_reached_type).toBe(expected);
});

test("of several snapshots that of Codex is preferred, wherever it is", async () => {
  const { backend, client } = await startClient();
  answerWith(backend, { plan_type: "plus" });
  const [codex] = toRateLimitSnapshots(await client.getUsage());
  const other = { ...codex, limit_id: "codex_other" };
  expect(preferredRateLimit([other, codex])).toBe(codex);
  expect(preferredRateLimit([other])).toBe(other);
});

test("accounts in the map come in the order of the list, and carry where they are served", async () => {
  const { backend, client } = await startClient();
  backend.account.accounts = [
    { id: "a1", name: "One" },
    { id: "a2", structure: "workspace", workspace_backend_origin: null, account_routing_override: null },
    { id: "a3" },
  ];
  backend.account.accountsForm = "map";
  backend.account.accountOrdering = ["a2", "gone", "a1"];
  const check = await client.checkAccounts();
  expect(check.accounts).toStrictEqual([
    { id: "a2", name: null, profile_picture_url: null, structure: "workspace", plan_type: "pro" },
    {
      id: "a1",
      name: "One",
      profile_picture_url: null,
      structure: "personal",
      plan_type: "pro",
      workspace_backend_origin: backend.urls.origin,
      account_routing_override: "us",
    },
  ]);
});
