import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isProtocolError, parseResponseItem, toWireItem, userMessage } from "../src/index.js";

test("README example: items from the server go back with the next request", () => {
  const paths: string[] = [];
  const console = { error: (path: string): number => paths.push(path) };
  const output = [
    {
      type: "message",
      role: "assistant",
      content: [{ type: "output_text", text: "Hi" }],
      status: "completed",
    },
    { type: "item_of_next_year", anything: [1, 2] },
  ];

  const history = output.map((json) => parseResponseItem(json));
  const input = [...history, userMessage([{ type: "text", text: "Go on" }])].map(toWireItem);
  try {
    parseResponseItem({ type: "message", role: "user", content: "Hi" });
  } catch (error) {
    if (isProtocolError(error)) console.error(error.path); // content
  }

  expect(history[1]).toEqual({ type: "other" });
  expect(input).toEqual([
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi" }] },
    { type: "item_of_next_year", anything: [1, 2] },
    { type: "message", role: "user", content: [{ type: "input_text", text: "Go on" }] },
  ]);
  expect(paths).toEqual(["content"]);
});

test("the example above is the one in the README", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\nimport [^\n]*\n\n(.*?)```/s.exec(readme)?.[1] ?? expect.unreachable();
  expect(readFileSync(import.meta.filename, "utf8")).toContain(example.replace(/^(?=.)/gm, "  "));
});
