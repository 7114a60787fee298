import { createTransport, type Transport } from "@codex-ts/client";
import { expect, test } from "vitest";
import { type SsePoll, TurnState } from "../src/index.js";
import { ReplayServer } from "./support/replay-server.js";
import { ReplayTransport } from "./support/replay-transport.js";
import { helloRequest, testClient } from "./support/requests.js";
import { collectItems, expectItems, readSseVectors, type SseVector } from "./support/sse-vector.js";

const vectors = readSseVectors("responses-sse").map((vector) => [vector.name, vector] as const);

test.concurrent.each(vectors)("vector %s", async (_name, vector) => {
  await expectVector(vector, new ReplayTransport(vector.input), "https://api.example.test/v1");
});

// No server can make a client run into a timeout of its own between two bytes.
const overSockets = vectors.filter(([, { input }]) => typeof input.after !== "object");

test.concurrent.each(overSockets)("vector %s over a socket", async (_name, vector) => {
  await using server = await ReplayServer.start(vector.input);
  await using transport = createTransport({ env: {} });
  await expectVector(vector, transport, server.baseUrl);
});

async function expectVector(
  { input, expected }: SseVector,
  transport: Transport,
  baseUrl: string,
): Promise<void> {
  const polls: SsePoll[] = [];
  const client = testClient(transport, {
    provider: { baseUrl, streamEventTimeoutMs: input.idle_timeout_ms },
    telemetry: { onSsePoll: (poll) => polls.push(poll) },
  });
  const { turn_state_slot: slot } = input;
  const turnState = slot === undefined ? undefined : new TurnState(slot ?? undefined);

  const stream = await client.stream(helloRequest, { turnState });

  if (expected.turn_state !== undefined) expect(turnState?.value ?? null).toBe(expected.turn_state);
  expectItems(await collectItems(stream), expected.items);
  expect(stream.upstreamRequestId).toBe(expected.upstream_request_id);
  if (expected.polls !== undefined) expect(polls.map(toVectorPoll)).toStrictEqual(expected.polls);
}

// These say what a newer server means by the same bytes. Our events have the older meaning.
const otherMeaning = ["safety_header_fallback", "safety_ui_always_shown", "text_field_type_matters"];
const laterVectors = readSseVectors("responses-sse-later").filter(({ name }) => !otherMeaning.includes(name));

test.each(laterVectors.map((vector) => [vector.name, vector] as const))(
  "later vector %s",
  async (_name, { input, expected }) => {
    const stream = await testClient(new ReplayTransport(input)).stream(helloRequest);

    expectItems(await collectItems(stream), withoutLaterMembers(expected.items));
  },
);

function toVectorPoll(poll: SsePoll): object {
  if (poll.poll !== "event") return { poll: poll.poll };
  const { event, data } = poll.event;
  return { poll: "event", event, data_bytes: Buffer.byteLength(data) };
}

/** Our events have no member that is null for everybody else. */
function withoutLaterMembers(items: SseVector["expected"]["items"]): SseVector["expected"]["items"] {
  const later = ["rollout_budget_units", "spend_control_reached"];
  return JSON.parse(JSON.stringify(items, (name, value) => (later.includes(name) ? undefined : value)));
}
