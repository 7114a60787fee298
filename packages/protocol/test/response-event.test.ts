import { expect, test } from "vitest";
import type { RateLimitSnapshot, ResponseEvent, TokenUsage } from "../src/index.js";
import { loadJson } from "./support/load-json.js";

type Members<Value> = Readonly<Record<keyof Value, true>>;

// The compiler refuses a table that lacks a member of the type or has one too many; the vectors say what the members are.
const eventMembers: {
  readonly [Type in ResponseEvent["type"]]: Members<Extract<ResponseEvent, { type: Type }>>;
} = {
  created: { type: true },
  output_item_added: { type: true, item: true },
  output_item_done: { type: true, item: true },
  output_text_delta: { type: true, delta: true },
  tool_call_input_delta: { type: true, item_id: true, call_id: true, delta: true },
  reasoning_summary_delta: { type: true, delta: true, summary_index: true },
  reasoning_content_delta: { type: true, delta: true, content_index: true },
  reasoning_summary_part_added: { type: true, summary_index: true },
  server_model: { type: true, model: true },
  rate_limits: { type: true, snapshot: true },
  models_etag: { type: true, etag: true },
  server_reasoning_included: { type: true, included: true },
  model_verifications: { type: true, verifications: true },
  turn_moderation_metadata: { type: true, metadata: true },
  safety_buffering: {
    type: true,
    use_cases: true,
    reasons: true,
    show_buffering_ui: true,
    faster_model: true,
  },
  completed: { type: true, response_id: true, token_usage: true, end_turn: true },
};

const snapshotMembers: Members<RateLimitSnapshot> = {
  limit_id: true,
  limit_name: true,
  primary: true,
  secondary: true,
  credits: true,
  individual_limit: true,
  plan_type: true,
  rate_limit_reached_type: true,
};

const usageMembers: Members<Omit<TokenUsage, "cache_write_input_tokens">> = {
  input_tokens: true,
  cached_input_tokens: true,
  output_tokens: true,
  reasoning_output_tokens: true,
  total_tokens: true,
};

interface StreamCase {
  readonly expected: { readonly items: readonly { readonly event?: ResponseEvent | string }[] };
}

const { cases, constants } = loadJson<{
  readonly cases: readonly StreamCase[];
  readonly constants: Readonly<Record<string, ResponseEvent>>;
}>("test/vectors/responses-sse.json");
const events = cases.flatMap(({ expected }) =>
  expected.items.flatMap(({ event = [] }) => (typeof event === "string" ? (constants[event] ?? []) : event)),
);

test("the events of the vectors have exactly the members of their type", () => {
  expect(events.length).toBeGreaterThan(50);
  for (const event of events) {
    expect(Object.keys(event).sort(), event.type).toEqual(Object.keys(eventMembers[event.type]).sort());
  }
});

test("snapshots and usage in the vectors have exactly the members of their type", () => {
  const snapshots = events.flatMap((event) => (event.type === "rate_limits" ? event.snapshot : []));
  const usages = events.flatMap((event) => (event.type === "completed" ? (event.token_usage ?? []) : []));
  expect(snapshots.length * usages.length).toBeGreaterThan(0);
  for (const snapshot of snapshots)
    expect(Object.keys(snapshot).sort()).toEqual(Object.keys(snapshotMembers).sort());
  for (const usage of usages) expect(Object.keys(usage).sort()).toEqual(Object.keys(usageMembers).sort());
});
