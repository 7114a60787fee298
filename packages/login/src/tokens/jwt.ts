import { LoginError } from "../login-error.js";

/**
 * Reads the payload of a JWT. Nothing is verified: these tokens come from the token endpoint itself.
 *
 * @throws {@link LoginError} of kind `invalid_token` with the text `invalid ID token format`, whatever the token.
 */
export function decodeJwtPayload(jwt: string): Record<string, unknown> {
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const json = header === "" || signature === "" ? undefined : decodeBase64Url(payload);
  const claims = json === undefined ? undefined : parseObject(json);
  if (claims === undefined) throw invalidTokenFormat();
  return claims;
}

/** Reads an integer claim. */
export function integerClaim(claims: Record<string, unknown>, name: string): number | undefined {
  const value = claims[name];
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** The error for a token that is not a JWT, or has claims of the wrong type. Shows nothing of the token. */
export function invalidTokenFormat(): LoginError {
  return new LoginError("invalid ID token format", { kind: "invalid_token" });
}

function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  // Node skips what is not base64url, and takes padding and the other alphabet as well.
  return bytes.toString("base64url") === text ? bytes : undefined;
}

function parseObject(json: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
    return asObject(value);
  } catch {
    // The parser's message quotes the text, so it must not become a cause.
    return undefined;
  }
}

/** Narrows a parsed JSON value to an object that is no array. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
