import type { ResponseItem } from "@codex-ts/protocol";

/** Four bytes are about one token. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** About how many tokens items take, as the JSON that they are sent as. Images count for what a model makes of one. */
export function estimateItemTokens(item: ResponseItem): number {
  let images = 0;
  const text = JSON.stringify(item, (name, value: unknown) => {
    if (name !== "image_url" || typeof value !== "string" || !value.startsWith("data:")) return value;
    images += 1;
    return "";
  });
  return estimateTokens(text) + images * tokensPerImage;
}

const tokensPerImage = 1844;
