import { expect, test } from "vitest";
import {
  clearItemMetadata,
  type MessageItem,
  parseResponseItem,
  stampTurnId,
  toWireItem,
} from "../src/index.js";

const bare: MessageItem = { type: "message", role: "user", content: [] };

test("notes the turn on an item without one", () => {
  expect(stampTurnId(bare, "t1")).toStrictEqual({
    ...bare,
    internal_chat_message_metadata_passthrough: { turn_id: "t1" },
  });
});

test("fills an empty turn id and keeps the other metadata", () => {
  const item = { ...bare, internal_chat_message_metadata_passthrough: { turn_id: "", create_time: 2.5 } };
  expect(stampTurnId(item, "t1").internal_chat_message_metadata_passthrough).toStrictEqual({
    turn_id: "t1",
    create_time: 2.5,
  });
});

test("leaves a turn that is already noted, and ignores an empty new one", () => {
  const stamped = stampTurnId(bare, "t1");
  expect(stampTurnId(stamped, "t2")).toBe(stamped);
  expect(stampTurnId(bare, "")).toBe(bare);
});

test.each([
  { type: "additional_tools", role: "developer", tools: [] },
  { type: "compaction_trigger" },
  { type: "new_call", a: 1 },
])("leaves $type alone, which carries no metadata", (wire) => {
  const item = parseResponseItem(wire);
  expect(stampTurnId(item, "t1")).toBe(item);
  expect(clearItemMetadata(item)).toBe(item);
  expect(toWireItem(item)).toEqual(wire);
});

test("clears the metadata", () => {
  expect(clearItemMetadata(stampTurnId(bare, "t1"))).toStrictEqual(bare);
  expect(clearItemMetadata(bare)).toBe(bare);
});
