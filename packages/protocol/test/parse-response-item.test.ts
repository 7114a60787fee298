import { expect, test } from "vitest";
import { parseResponseItem, toWireItem } from "../src/index.js";
import vectors from "./vectors/response-items.js" with { type: "json" };

test.each(vectors.cases)("vector $name", ({ input, expected }) => {
  if (!expected.ok) {
    expect(() => parseResponseItem(input)).toThrow(expect.objectContaining({ kind: "invalid_item" }));
    return;
  }
  const item = parseResponseItem(input);
  expect(item).toStrictEqual(expected.serialized);
  expect(JSON.parse(JSON.stringify(item))).toStrictEqual(expected.serialized);
});
