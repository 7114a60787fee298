import { expect, test } from "vitest";
import { parseResponseItem, type ResponseItem, toWireItem } from "../src/index.js";

const source = { type: "new_call", id: "nc_1", nested: { list: [1, "two", null] }, other: "x" };

test("gives an item of a known type back as it is", () => {
  const item = parseResponseItem({ type: "compaction_trigger" });
  expect(toWireItem(item)).toBe(item);
});

test("gives an item of an unknown type back verbatim, through any number of parses", () => {
  const item = parseResponseItem(parseResponseItem(source));
  expect(toWireItem(item)).toStrictEqual(source);
  expect(parseResponseItem(toWireItem(item))).toStrictEqual({ type: "other" });
  expect(JSON.stringify(toWireItem(item))).toBe(JSON.stringify(source));
});

test("gives an item that is literally of type other back verbatim", () => {
  expect(toWireItem(parseResponseItem({ type: "other", a: 1 }))).toStrictEqual({ type: "other", a: 1 });
});

test("compares, lists and prints an item of an unknown type without its original", () => {
  const item = parseResponseItem(source);
  expect(item).toStrictEqual({ type: "other" });
  expect(Object.keys(item)).toEqual(["type"]);
  expect(JSON.stringify(item)).toBe('{"type":"other"}');
});

test.each([
  ["a spread", (item: ResponseItem): ResponseItem => ({ ...item })],
  ["structuredClone", (item: ResponseItem): ResponseItem => structuredClone(item)],
  ["JSON", (item: ResponseItem): ResponseItem => JSON.parse(JSON.stringify(item))],
])("loses the original through %s", (_, copy) => {
  expect(toWireItem(copy(parseResponseItem(source)))).toStrictEqual({ type: "other" });
});

test("is read by another copy of this package", () => {
  const foreign = Object.defineProperty(
    { type: "other" as const },
    Symbol.for("@codex-ts/protocol.original"),
    {
      value: source,
    },
  );
  expect(toWireItem(foreign)).toBe(source);
});

test("gives an unknown action of a web search back verbatim, also after a change of the item", () => {
  const action = { type: "teleport", to: "x" };
  const item = parseResponseItem({ type: "web_search_call", status: "completed", action });
  expect(item).toStrictEqual({ type: "web_search_call", status: "completed", action: { type: "other" } });
  expect(toWireItem({ ...item, id: "ws_1" } as ResponseItem)).toStrictEqual({
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action,
  });
});

test("leaves an unknown action that was made by hand as it is", () => {
  const item: ResponseItem = { type: "web_search_call", action: { type: "other" } };
  expect(toWireItem(item)).toBe(item);
});
