import { expect, test } from "vitest";
import { parseToolOutput, toolOutputText } from "../src/index.js";

const parts = [
  { type: "input_text", text: "a" },
  { type: "input_image", image_url: "u", detail: "low" },
  { type: "input_audio", audio_url: "v" },
  { type: "encrypted_content", encrypted_content: "e" },
];

test.each([["plain"], [""], [parts], [[]]])("reads %j", (output) => {
  expect(parseToolOutput(output)).toStrictEqual(output);
});

test.each([[null], [undefined], [5], [{ content: "x", success: true }]])("refuses %j", (output) => {
  expect(() => parseToolOutput(output)).toThrow("the value must be a string or an array");
});

test("tells which part it does not know", () => {
  const output = [...parts, { type: "output_text", text: "x" }];
  expect(() => parseToolOutput(output)).toThrow(
    expect.objectContaining({ path: "[4].type", kind: "invalid_item" }),
  );
});

test("gives the text of a string as it is, blank or not", () => {
  expect(toolOutputText(" ")).toBe(" ");
});

test("joins the texts of an array, without blanks and without what is no text", () => {
  const blank = { type: "input_text", text: " \n" };
  expect(toolOutputText(parseToolOutput([...parts, blank, { type: "input_text", text: "b" }]))).toBe("a\nb");
  expect(toolOutputText(parseToolOutput([blank, ...parts.slice(1)]))).toBeUndefined();
});
