import fc from "fast-check";
import { expect, test } from "vitest";
import { itemId, parseResponseItem, toWireItem, withItemId } from "../src/index.js";
import { itemArbitraries } from "./support/item-arbitraries.js";

const { compaction_trigger: _, ...identified } = itemArbitraries;

test.each(Object.entries(identified))("gets, sets and clears the id of %s", (_type, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, fc.string({ minLength: 1 }), (wire, id) => {
      const item = parseResponseItem(wire);
      const named = withItemId(item, id);
      expect(itemId(named)).toBe(id);
      expect({ ...named, id: undefined }).toEqual({ ...item, id: undefined });
      const bare = withItemId(named, undefined);
      expect(itemId(bare)).toBeUndefined();
      expect(bare).not.toHaveProperty("id");
    }),
    { numRuns: 20 },
  );
});

test("counts an empty id as none but keeps it on the wire", () => {
  const item = parseResponseItem({ type: "message", id: "", role: "user", content: [] });
  expect(itemId(item)).toBeUndefined();
  expect(toWireItem(item)).toHaveProperty("id", "");
});

test.each([{ type: "compaction_trigger" }, { type: "new_call", id: "nc_1" }])("gives %j no id", (wire) => {
  const item = parseResponseItem(wire);
  expect(itemId(item)).toBeUndefined();
  expect(withItemId(item, "x")).toBe(item);
});

test("does not change the item it is given", () => {
  const item = parseResponseItem({ type: "compaction", id: "a", encrypted_content: "e" });
  withItemId(item, "b");
  expect(itemId(item)).toBe("a");
});
