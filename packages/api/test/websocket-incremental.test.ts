import type { ResponseItem, ResponsesRequest } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import type { ResponsesWebSocketConnection } from "../src/index.js";
import { helloRequest } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";
import { openConnection, sentMessages } from "./support/websocket-connection.js";

function user(text: string): ResponseItem {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

/** Reads a response to its end, and gives its items. */
async function itemsOf(
  connection: ResponsesWebSocketConnection,
  request: ResponsesRequest,
): Promise<ResponseItem[]> {
  const items: ResponseItem[] = [];
  for await (const event of await connection.stream(request))
    if (event.type === "output_item_done") items.push(event.item);
  return items;
}

const first: ResponsesRequest = { ...helloRequest, input: [user("one")], tools: [{ name: "a" }] };
const call = { type: "function_call", id: "fc_1", call_id: "c1", name: "shell", arguments: "{}" };
const answer = { text: "fine", items: [call] };

type Change = (request: ResponsesRequest, output: ResponseItem[]) => ResponsesRequest;
const grown: Change = (request, output) => ({
  ...request,
  input: [...request.input, ...output, user("two")],
});
const clone = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;

async function second(change: Change): Promise<Record<string, unknown>> {
  const { backend, connection } = await openConnection();
  backend.script(answer, "done");
  const output = await itemsOf(connection, first);
  await itemsOf(connection, change(first, output));
  expect(backend.webSockets).toHaveLength(1);
  return sentMessages(backend)[1] ?? {};
}

test.each<[string, Change]>([
  ["the same objects and a new one", grown],
  ["equal objects", (...given) => clone(grown(...given))],
  ["other metadata", (...given) => ({ ...grown(...given), client_metadata: { turn_id: "2" } })],
  [
    "items without ids",
    (request, output) =>
      grown(
        request,
        output.map((item) => {
          const { id: _id, ...rest } = item as unknown as { id?: string };
          return rest as unknown as ResponseItem;
        }),
      ),
  ],
  [
    "items with metadata of the client",
    (request, output) =>
      grown(
        request,
        output.map(
          (item) =>
            ({
              ...item,
              internal_chat_message_metadata_passthrough: { turn_id: "t" },
            }) as ResponseItem,
        ),
      ),
  ],
  ["members that are not set", (...given) => ({ ...grown(...given), service_tier: undefined })],
])("sends only what is new: %s", async (_name, change) => {
  const message = await second(change);
  expect(message).toMatchObject({
    previous_response_id: expect.stringMatching(/^resp_/),
    input: [user("two")],
  });
  expect(message["tools"]).toEqual([{ name: "a" }]);
});

test("sends an empty input when there is nothing new", async () => {
  const message = await second((request, output) => ({ ...request, input: [...request.input, ...output] }));
  expect(message).toMatchObject({ previous_response_id: expect.any(String), input: [] });
});

test.each<[string, Change]>([
  ["another first item", (request, output) => grown({ ...request, input: [user("uno")] }, output)],
  ["a shorter input", (request) => request],
  ["no answer in it", (request) => ({ ...request, input: [...request.input, user("two"), user("three")] })],
  ["the answer in another order", (request, output) => grown(request, [...output].reverse())],
  [
    "another id",
    (request, output) =>
      grown(
        request,
        output.map((item) => ({ ...item, id: "msg_x" }) as ResponseItem),
      ),
  ],
  [
    "another text",
    (request, output) =>
      grown(
        request,
        output.map((item) => clone(JSON.parse(JSON.stringify(item).replace("fine", "coarse")))),
      ),
  ],
  ["other instructions", (...given) => ({ ...grown(...given), instructions: "Be verbose." })],
  ["another model", (...given) => ({ ...grown(...given), model: "gpt-other" })],
  ["other tools", (...given) => ({ ...grown(...given), tools: [{ name: "b" }] })],
  ["another tier", (...given) => ({ ...grown(...given), service_tier: "priority" })],
  ["other reasoning", (...given) => ({ ...grown(...given), reasoning: { effort: "high" } })],
  ["another text format", (...given) => ({ ...grown(...given), text: { verbosity: "low" } })],
  ["another cache key", (...given) => ({ ...grown(...given), prompt_cache_key: "k" })],
  ["other includes", (...given) => ({ ...grown(...given), include: ["reasoning.encrypted_content"] })],
  ["another choice of tools", (...given) => ({ ...grown(...given), tool_choice: "none" })],
  ["storage", (...given) => ({ ...grown(...given), store: true })],
  ["parallel calls", (...given) => ({ ...grown(...given), parallel_tool_calls: true })],
])("sends everything: %s", async (_name, change) => {
  const message = await second(change);
  expect(message).not.toHaveProperty("previous_response_id");
  expect((message["input"] as unknown[]).length).toBeGreaterThan(0);
});

test("goes on over many turns, from the whole request and not from what was sent", async () => {
  const { backend, connection } = await openConnection();
  let request = first;
  for (let turn = 0; turn < 4; turn += 1) {
    const output = await itemsOf(connection, request);
    request = { ...request, input: [...request.input, ...output, user(`turn ${turn}`)] };
  }
  const inputs = sentMessages(backend).map(({ input }) => (input as unknown[]).length);
  expect(inputs).toEqual([1, 1, 1, 1]);
});

test("a response without an id cannot be continued", async () => {
  const { backend, connection } = await openConnection();
  backend.script({ events: [{ type: "response.completed", response: { id: "" } }] });
  const output = await itemsOf(connection, first);
  await itemsOf(connection, grown(first, output));
  expect(sentMessages(backend)[1]).not.toHaveProperty("previous_response_id");
});

test("does not mind that the caller goes on with the same list", async () => {
  const { backend, connection } = await openConnection();
  const history: ResponseItem[] = [user("one")];
  const request = { ...helloRequest, input: history };
  history.push(...(await itemsOf(connection, request)), user("two"));
  await itemsOf(connection, request);
  expect(sentMessages(backend)[1]).toMatchObject({
    previous_response_id: expect.any(String),
    input: [user("two")],
  });
});

test("an item of a type that is not known is compared by what it really is", async () => {
  const { backend, connection } = await openConnection();
  backend.script({ items: [{ type: "of_tomorrow", value: 1 }] }, "done");
  const output = await itemsOf(connection, first);
  await itemsOf(connection, {
    ...first,
    input: [...first.input, { type: "of_tomorrow", value: 2 }, user("x")],
  });
  expect(sentMessages(backend)[1]).not.toHaveProperty("previous_response_id");
  expect(output).toEqual([{ type: "other" }]);
});

test("a response can be continued once", async () => {
  const { backend, connection } = await openConnection();
  const output = await itemsOf(connection, first);
  const next = grown(first, output);
  await itemsOf(connection, { ...next, instructions: "Be verbose." });
  await itemsOf(connection, next);
  expect(sentMessages(backend).map((message) => "previous_response_id" in message)).toEqual([
    false,
    false,
    false,
  ]);
});

test("a server that has forgotten gets everything, once, and the reader sees nothing of it", async () => {
  const { backend, connection } = await openConnection();
  const output = await itemsOf(connection, first);
  backend.fault({ kind: "error_event", status: 400, code: "previous_response_not_found" });
  const next = grown(first, output);
  const items = await collectItems(await connection.stream(next));
  expect(items.at(-1)).toMatchObject({ event: { type: "completed" } });
  const [, addition, whole] = sentMessages(backend);
  expect(addition).toHaveProperty("previous_response_id");
  expect(whole).not.toHaveProperty("previous_response_id");
  expect(whole?.["input"]).toEqual(clone(next.input));
});

test("a server that forgets again is an error to be tried again", async () => {
  const { backend, connection } = await openConnection();
  const output = await itemsOf(connection, first);
  backend.fault({ kind: "error_event", code: "previous_response_not_found", message: "gone", times: 2 });
  const items = await collectItems(await connection.stream(grown(first, output)));
  expect(items.at(-1)).toMatchObject({
    error: { kind: "retryable", code: "previous_response_not_found", message: "gone" },
  });
  expect(connection.isOpen).toBe(false);
});

test("a failed response leaves nothing to continue", async () => {
  const { backend, client, connection } = await openConnection();
  backend.script({ events: [{ type: "response.failed", response: { id: "r", error: { code: "x" } } }] });
  expect((await collectItems(await connection.stream(first))).at(-1)).toMatchObject({
    error: { kind: "retryable" },
  });
  expect(connection.isOpen).toBe(false);
  const output: ResponseItem[] = [];
  const fresh = await client.connect();
  await itemsOf(fresh, grown(first, output));
  expect(sentMessages(backend)[1]).not.toHaveProperty("previous_response_id");
});
