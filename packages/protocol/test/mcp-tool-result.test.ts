import fc from "fast-check";
import { expect, test } from "vitest";
import { mcpErrorResult, mcpToolResultToOutput, parseToolOutput } from "../src/index.js";

const text = { type: "text", text: "hello" };
const image = { type: "image", data: "QUJD", mimeType: "image/png" };

test.each(["structuredContent", "structured_content"])("prefers %s, as JSON text", (name) => {
  expect(mcpToolResultToOutput({ content: [text, image], [name]: { a: [1] } }).output).toBe('{"a":[1]}');
  expect(mcpToolResultToOutput({ content: [text], [name]: false }).output).toBe("false");
  expect(mcpToolResultToOutput({ content: [text], [name]: null }).output).toBe(JSON.stringify([text]));
});

test("gives the JSON of the whole content when there is no image", () => {
  const content = [text, { type: "resource_link", uri: "file:///x" }];
  expect(mcpToolResultToOutput({ content }).output).toBe(JSON.stringify(content));
  expect(mcpToolResultToOutput({ content: [] }).output).toBe("[]");
});

test("gives parts when there is an image, with other blocks as their JSON text", () => {
  const link = { type: "resource_link", uri: "file:///x" };
  expect(mcpToolResultToOutput({ content: [text, link, image] }).output).toStrictEqual([
    { type: "input_text", text: "hello" },
    { type: "input_text", text: JSON.stringify(link) },
    { type: "input_image", image_url: "data:image/png;base64,QUJD", detail: "high" },
  ]);
});

test.each([
  [{ data: "QUJD", mime_type: "image/gif" }, "data:image/gif;base64,QUJD"],
  [{ data: "QUJD" }, "data:application/octet-stream;base64,QUJD"],
  [{ data: "data:image/png;base64,QUJD", mimeType: "image/gif" }, "data:image/png;base64,QUJD"],
])("makes the address of the image %j", (members, imageUrl) => {
  const { output } = mcpToolResultToOutput({ content: [{ type: "image", ...members }] });
  expect(output).toStrictEqual([{ type: "input_image", image_url: imageUrl, detail: "high" }]);
});

test.each([
  ["auto", "auto"],
  ["low", "low"],
  ["high", "high"],
  ["original", "original"],
  ["ultra", "high"],
  [5, "high"],
])("takes the detail %j for %s", (wanted, detail) => {
  const { output } = mcpToolResultToOutput({
    content: [{ ...image, _meta: { "codex/imageDetail": wanted } }],
  });
  expect(output).toMatchObject([{ detail }]);
});

test.each([
  [{ type: "image", data: 5 }],
  [{ type: "image", data: "x", mimeType: 5 }],
  [{ type: "text" }],
  ["loose"],
  [null],
])("takes %j, which is malformed, for text", (block) => {
  expect(mcpToolResultToOutput({ content: [image, block] }).output).toMatchObject([
    { type: "input_image" },
    { type: "input_text", text: JSON.stringify(block) },
  ]);
});

test("succeeds unless the tool says otherwise", () => {
  expect(mcpToolResultToOutput({ content: [] }).success).toBe(true);
  expect(mcpToolResultToOutput({ content: [], isError: null }).success).toBe(true);
  expect(mcpToolResultToOutput({ content: [], isError: true }).success).toBe(false);
  expect(mcpToolResultToOutput({ content: [], is_error: true }).success).toBe(false);
});

test("makes a result out of an error text", () => {
  expect(mcpErrorResult("no server")).toEqual({
    content: [{ type: "text", text: "no server" }],
    isError: true,
  });
  expect(mcpToolResultToOutput(mcpErrorResult("no server"))).toEqual({
    output: '[{"type":"text","text":"no server"}]',
    success: false,
  });
});

test("turns any content into an output that an item may carry", () => {
  const block = fc.oneof(fc.jsonValue(), fc.constant(image), fc.constant(undefined));
  fc.assert(
    fc.property(fc.array(block), (content) => {
      const { output } = mcpToolResultToOutput({ content });
      expect(parseToolOutput(output)).toEqual(output);
    }),
  );
});
