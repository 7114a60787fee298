import { expect, test } from "vitest";
import { parseResponseItem, type ResponseInputItem, stampTurnId, toResponseItem } from "../src/index.js";

test.each<ResponseInputItem>([
  { type: "message", role: "assistant", content: [{ type: "output_text", text: "a" }], phase: "commentary" },
  { type: "function_call_output", call_id: "c", output: "o" },
  { type: "custom_tool_call_output", call_id: "c", name: "n", output: [] },
  { type: "tool_search_output", call_id: "c", status: "completed", execution: "client", tools: [{}] },
])("makes an item of the same members from $type", (input) => {
  expect(toResponseItem(input)).toStrictEqual(input);
  expect(parseResponseItem(toResponseItem(input))).toStrictEqual(input);
});

test("makes the output of a function call from the answer of an MCP tool", () => {
  const output = { content: [{ type: "text", text: "a" }] };
  expect(toResponseItem({ type: "mcp_tool_call_output", call_id: "c", output })).toStrictEqual({
    type: "function_call_output",
    call_id: "c",
    output: '[{"type":"text","text":"a"}]',
  });
});

test("leaves out id and metadata of what was an item before", () => {
  const item = stampTurnId({ type: "message", id: "msg_1", role: "user", content: [] } as const, "t1");
  expect(toResponseItem(item)).toStrictEqual({ type: "message", role: "user", content: [] });
});
