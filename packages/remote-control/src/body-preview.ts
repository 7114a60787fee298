const maxPreviewBytes = 4096;
const secretMembers = ["remote_control_token", "pairing_code", "manual_pairing_code"];
const redacted = "<redacted>";

/**
 * Shows the body of an answer in a message: trimmed, cut, and with the secrets of a JSON object replaced.
 *
 * Only members of the object itself are looked at. {@link scrubSecrets} finds the others.
 */
export function bodyPreview(body: string | Uint8Array): string {
  const text = (typeof body === "string" ? body : Buffer.from(body).toString("utf8")).trim();
  if (text === "") return "<empty>";
  return cut(redactMembers(text));
}

/** Replaces secrets wherever else they may stand: deeper inside, in JSON that was cut off, in JSON inside a text. */
export function scrubSecrets(text: string): string {
  return text.replace(secretMember, `$1"${redacted}"`).replace(quotedSecretMember, `$1\\"${redacted}\\"`);
}

const names = secretMembers.join("|");
const secretMember = new RegExp(`("(?:${names})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*(?:"|$)`, "g");
const quotedSecretMember = new RegExp(`(\\\\"(?:${names})\\\\"\\s*:\\s*)\\\\"[^"\\\\]*(?:\\\\"|$)`, "g");

function redactMembers(text: string): string {
  const value = parseObject(text);
  if (value === undefined) return text;
  for (const name of secretMembers) if (Object.hasOwn(value, name)) value[name] = redacted;
  return JSON.stringify(value);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Shown as it is.
  }
  return undefined;
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxPreviewBytes) return text;
  let end = maxPreviewBytes;
  // A byte of the form 10xxxxxx is inside a character (RFC 3629 §3).
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.subarray(0, end).toString("utf8")}...`;
}
