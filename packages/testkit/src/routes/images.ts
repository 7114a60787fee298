import { jsonReply } from "../reply.js";
import { jsonBody } from "./json-body.js";
import { arrayMember, invalidMember, membersOf, textMember } from "./members.js";
import type { Exchange, Route } from "./route.js";

/** `POST …/images/generations`: as many images as asked for, each of one pixel. */
export const imageGenerationRoute: Route = {
  method: "POST",
  pattern: /^(?:\/v1|\/backend-api\/codex|\/api\/codex)\/images\/generations$/,
  auth: "required",
  handle: (exchange) => imageReply(exchange, jsonBody(exchange.request)),
};

/** `POST …/images/edits`: the same, from images that are given by URL. */
export const imageEditRoute: Route = {
  method: "POST",
  pattern: /^(?:\/v1|\/backend-api\/codex|\/api\/codex)\/images\/edits$/,
  auth: "required",
  handle(exchange) {
    const body = jsonBody(exchange.request);
    const images = arrayMember(body, "images");
    if (images.length === 0) throw invalidMember("images", "at least one image");
    for (const image of images) textMember(membersOf(image), "image_url");
    return imageReply(exchange, body);
  },
};

const onePixelPng =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

function imageReply(
  { state }: Exchange,
  body: Readonly<Record<string, unknown>>,
): ReturnType<typeof jsonReply> {
  textMember(body, "model");
  textMember(body, "prompt");
  const { n = 1, background = "auto", quality = "auto", size = "auto" } = body;
  if (!Number.isInteger(n) || (n as number) < 1 || (n as number) > 10) throw invalidMember("n", "1 to 10");
  return jsonReply(200, {
    created: Math.floor(state.now() / 1000),
    data: Array.from({ length: n as number }, () => ({ b64_json: onePixelPng })),
    background: background === "auto" ? "opaque" : background,
    quality: quality === "auto" ? "low" : quality,
    size: size === "auto" ? "1024x1024" : size,
    output_format: "png",
  });
}
