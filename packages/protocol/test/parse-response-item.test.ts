import { expect, test } from "vitest";
import { isProtocolError, type ProtocolError, parseResponseItem } from "../src/index.js";
import { loadJson } from "./support/load-json.js";

interface ItemCase {
  readonly name: string;
  readonly input: unknown;
  readonly expected: { readonly ok: true; readonly serialized: object } | { readonly ok: false };
}

interface StreamCase {
  readonly name: string;
  readonly input: { readonly chunks: readonly string[] };
  readonly expected: { readonly items: readonly { readonly event?: { readonly item?: object } }[] };
}

const { cases } = loadJson<{ cases: readonly ItemCase[] }>("test/vectors/response-items.json");
const later = loadJson<{ cases: readonly StreamCase[] }>("test/vectors/responses-sse-later.json");

test.each(cases)("vector $name", ({ input, expected }) => {
  if (!expected.ok) {
    expect(() => parseResponseItem(input)).toThrow(expect.objectContaining({ kind: "invalid_item" }));
    return;
  }
  const item = parseResponseItem(input);
  expect(item).toStrictEqual(expected.serialized);
  expect(JSON.parse(JSON.stringify(item))).toStrictEqual(expected.serialized);
});

test("keeps the members that servers added later", () => {
  const added = later.cases.find(({ name }) => name === "item_fields_added");
  const payloads = added?.input.chunks.join("").matchAll(/^data: (.*)$/gm) ?? [];
  const items = [...payloads].map(([, json = ""]) => JSON.parse(json).item).filter(Boolean);
  const expected = added?.expected.items.flatMap(({ event }) => event?.item ?? []);
  expect(items).toHaveLength(3);
  expect(items.map(parseResponseItem)).toStrictEqual(expected);
});

test("keeps audio in the output of a tool", () => {
  const item = {
    type: "function_call_output",
    call_id: "c",
    output: [{ type: "input_audio", audio_url: "data:audio/wav;base64,AA" }],
  };
  expect(parseResponseItem(item)).toStrictEqual(item);
});

test("takes null for a member that is not set", () => {
  const item = parseResponseItem({
    type: "message",
    id: null,
    role: "user",
    content: [{ type: "input_image", image_url: "u", detail: null }],
    phase: null,
    internal_chat_message_metadata_passthrough: null,
  });
  expect(item).toStrictEqual({
    type: "message",
    role: "user",
    content: [{ type: "input_image", image_url: "u" }],
  });
});

test("takes null for the arguments of a tool search, which are any JSON, but not their absence", () => {
  const call = { type: "tool_search_call", call_id: null, execution: "server" };
  expect(parseResponseItem({ ...call, arguments: null })).toStrictEqual({ ...call, arguments: null });
  expect(() => parseResponseItem(call)).toThrow('"arguments" must be any JSON value, got nothing');
});

test.each([
  [{ type: 5 }, "type", '"type" must be a string, got a number'],
  ["text", "", "the value must be an object, got a string"],
  [[], "", "the value must be an object, got an array"],
  [{ type: "message", role: "user", content: null }, "content", '"content" must be an array, got nothing'],
  [
    { type: "message", role: "user", content: [{ type: "input_text", text: "a" }, { type: "input_text" }] },
    "content[1].text",
    '"content[1].text" must be a string, got nothing',
  ],
  [
    { type: "message", role: "user", content: [{ type: "input_image", image_url: "u", detail: "ultra" }] },
    "content[0].detail",
    '"content[0].detail" must be one of auto, low, high, original, got "ultra"',
  ],
  [
    { type: "function_call_output", call_id: "c", output: [null] },
    "output[0]",
    '"output[0]" must be an object, got null',
  ],
  [
    { type: "local_shell_call", status: "completed", action: { type: "exec", command: [], env: { A: 1 } } },
    "action.env",
    '"action.env" must be an object of strings or null, got an object',
  ],
  [
    {
      type: "message",
      role: "user",
      content: [],
      internal_chat_message_metadata_passthrough: { create_time: "1" },
    },
    "internal_chat_message_metadata_passthrough.create_time",
    '"internal_chat_message_metadata_passthrough.create_time" must be a number, got a string',
  ],
])("tells where %j is wrong", (value, path, message) => {
  const error = failureOf(value);
  expect(error.message).toBe(message);
  expect(error.path).toBe(path);
});

test("quotes the server's vocabulary in an error, cut, but never the text of an item", () => {
  const word = "w".repeat(1000);
  expect(failureOf({ type: "message", role: "user", content: [{ type: word }] }).message).toContain(
    `got "${"w".repeat(40)}"`,
  );
  expect(failureOf({ type: "message", role: "user", content: "private" }).message).not.toContain("private");
});

test.each([0, 5000, Number.MAX_SAFE_INTEGER, 2 ** 64])("takes %d as a time limit", (timeout) => {
  expect(parseResponseItem(shellCall(timeout))).toHaveProperty("action.timeout_ms", timeout);
});

test.each([-1, 1.5, 2 ** 65, "5", Number.NaN, true])("refuses %j as a time limit", (timeout) => {
  expect(failureOf(shellCall(timeout)).path).toBe("action.timeout_ms");
});

test("looks at own members only", () => {
  expect(() => parseResponseItem(Object.create({ type: "compaction_trigger" }))).toThrow(
    '"type" must be a string',
  );
  const hidden = JSON.parse('{"type":"message","content":[],"__proto__":{"role":"system"}}');
  expect(failureOf(hidden).path).toBe("role");
});

test("keeps an environment variable named __proto__ as a variable", () => {
  const call = JSON.parse(
    '{"type":"local_shell_call","status":"completed","action":{"type":"exec","command":[],"env":{"__proto__":"x"}}}',
  );
  expect(JSON.stringify(parseResponseItem(call))).toContain('"env":{"__proto__":"x"}');
});

test.each(["constructor", "__proto__", "toString", ""])("takes %j for an unknown type", (type) => {
  expect(parseResponseItem({ type })).toStrictEqual({ type: "other" });
});

test("shares long strings and opaque JSON with its input", () => {
  const tools = [{ type: "function" }];
  const item = parseResponseItem({ type: "additional_tools", role: "developer", tools });
  expect(item).toHaveProperty("tools");
  expect((item as { readonly tools: unknown }).tools).toBe(tools);
});

function shellCall(timeout: unknown): object {
  return {
    type: "local_shell_call",
    status: "completed",
    action: { type: "exec", command: [], timeout_ms: timeout },
  };
}

function failureOf(value: unknown): ProtocolError {
  try {
    parseResponseItem(value);
  } catch (error) {
    if (isProtocolError(error)) return error;
    throw error;
  }
  throw new Error("the item was taken");
}
