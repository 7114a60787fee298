import { expect, test } from "vitest";
import { parseResponseItem } from "../src/index.js";
import { loadJson } from "./support/load-json.js";

interface ItemCase {
  readonly name: string;
  readonly input: unknown;
  readonly expected: { readonly ok: true; readonly serialized: object } | { readonly ok: false };
}

const { cases } = loadJson<{ cases: readonly ItemCase[] }>("test/vectors/response-items.json");

test.each(cases)("vector $name", ({ input, expected }) => {
  if (!expected.ok) {
    expect(() => parseResponseItem(input)).toThrow(expect.objectContaining({ kind: "invalid_item" }));
    return;
  }
  const item = parseResponseItem(input);
  expect(item).toStrictEqual(expected.serialized);
  expect(JSON.parse(JSON.stringify(item))).toStrictEqual(expected.serialized);
});
