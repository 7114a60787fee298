import { expect, test } from "vitest";
import { parseResponseItem, toResponseItem, type UserInput, userMessage } from "../src/index.js";

test("puts text and remote images into one message, without tags", () => {
  const message = userMessage([
    { type: "text", text: "look" },
    { type: "image", image_url: "https://example.test/a.png" },
    { type: "image", image_url: "https://example.test/b.png", detail: "original" },
  ]);
  expect(message).toStrictEqual({
    type: "message",
    role: "user",
    content: [
      { type: "input_text", text: "look" },
      { type: "input_image", image_url: "https://example.test/a.png", detail: "high" },
      { type: "input_image", image_url: "https://example.test/b.png", detail: "original" },
    ],
  });
  expect(parseResponseItem(toResponseItem(message))).toStrictEqual(message);
});

test("tags local images with a number that counts remote ones too, and leaves the path unescaped", () => {
  const { content } = userMessage([
    { type: "image", image_url: "u" },
    {
      type: "local_image",
      path: 'a "b".png',
      file: { image_url: "data:image/png;base64,AA==" },
      detail: "low",
    },
    { type: "local_image", path: "c", file: { unreadable: "gone" } },
    { type: "local_image", path: "d", file: { image_url: "data:x" } },
  ]);
  expect(content.slice(1)).toStrictEqual([
    { type: "input_text", text: '<image name=[Image #2] path="a "b".png">' },
    { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "low" },
    { type: "input_text", text: "</image>" },
    { type: "input_text", text: "Codex could not read the local image at `c`: gone" },
    { type: "input_text", text: '<image name=[Image #4] path="d">' },
    { type: "input_image", image_url: "data:x", detail: "high" },
    { type: "input_text", text: "</image>" },
  ]);
});

test.each([
  [undefined, "data:application/octet-stream;base64,AQID"],
  ["image/png", "data:image/png;base64,AQID"],
])("makes a data URL from bytes of type %s", (media_type, imageUrl) => {
  const bytes = new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 4);
  const { content } = userMessage([{ type: "local_image", path: "p", file: { bytes, media_type } }]);
  expect(content[1]).toStrictEqual({ type: "input_image", image_url: imageUrl, detail: "high" });
});

test.each<[UserInput & { readonly type: "local_image" }, string]>([
  [
    { type: "local_image", path: "a.png", file: { unreadable: "No such file or directory (os error 2)" } },
    "Codex could not read the local image at `a.png`: No such file or directory (os error 2)",
  ],
  [
    { type: "local_image", path: "a.png", file: { invalid: "bad header" } },
    "Image located at `a.png` is invalid: bad header",
  ],
  [
    { type: "local_image", path: "a.svg", file: { unsupported: "image/svg+xml" } },
    "Codex cannot attach image at `a.svg`: unsupported image `image/svg+xml`.",
  ],
])("tells the model about $file", (input, text) => {
  expect(userMessage([input]).content).toStrictEqual([{ type: "input_text", text }]);
});

test("adds nothing for skills and mentions", () => {
  const content = userMessage([
    { type: "skill", name: "s", path: "/s" },
    { type: "mention", name: "m", path: "app://m" },
  ]).content;
  expect(content).toEqual([]);
});
