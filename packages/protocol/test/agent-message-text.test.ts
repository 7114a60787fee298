import { expect, test } from "vitest";
import { type AgentMessageContent, agentMessageText } from "../src/index.js";

const part = (text: string): AgentMessageContent => ({ type: "input_text", text });

test.each<[string, readonly AgentMessageContent[], string | undefined]>([
  ["the parts joined by line feeds", [part("a"), part(""), part("b")], "a\n\nb"],
  [
    "nothing when a part is encrypted",
    [part("a"), { type: "encrypted_content", encrypted_content: "e" }],
    undefined,
  ],
  ["nothing when all is blank", [part(" "), part("\t")], undefined],
  ["nothing without parts", [], undefined],
])("gives %s", (_, content, expected) => {
  expect(agentMessageText({ content })).toBe(expected);
});
