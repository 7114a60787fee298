/**
 * Decodes standard base64 with padding, strictly: no white space, no URL alphabet, unused bits zero.
 *
 * @returns Nothing for any other text.
 */
export function decodeBase64(text: string): Buffer | undefined {
  return decodeCanonical(text, "base64");
}

/**
 * Decodes base64url without padding, as strictly.
 *
 * @returns Nothing for any other text.
 */
export function decodeBase64Url(text: string): Buffer | undefined {
  return decodeCanonical(text, "base64url");
}

// Node's decoder skips what it does not know. A text is canonical only if encoding the bytes gives it back.
function decodeCanonical(text: string, encoding: "base64" | "base64url"): Buffer | undefined {
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(encoding) === text ? bytes : undefined;
}
