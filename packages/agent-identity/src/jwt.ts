import { decodeBase64Url } from "./base64.js";
import { AgentIdentityError } from "./errors.js";
import { parseJsonObject } from "./json-object.js";
import { type AgentIdentityClaims, parseClaims } from "./jwt-claims.js";

// A token is about 1.5 kB. The limit keeps a foreign text from being decoded in full.
const maxLength = 64 * 1024;

/**
 * Reads the claims of an Agent Identity token **without verifying it**: neither signature nor expiry are looked at.
 * For telling what a token claims to be, never for trusting it.
 *
 * @throws {@link AgentIdentityError} of kind `invalid_jwt`.
 */
export function decodeAgentIdentityJwt(jwt: string): AgentIdentityClaims {
  const parts = splitJwt(jwt);
  if (parts === undefined) throw invalidJwt("invalid agent identity JWT format");
  const payload = decodeBase64Url(parts.payload);
  if (payload === undefined) throw invalidJwt("agent identity JWT payload is not valid base64url");
  const claims = parseClaims(parseJsonObject(payload.toString()));
  if (claims === undefined) throw invalidJwt("agent identity JWT payload is not valid JSON");
  return claims;
}

/** The three parts of a token, none of them empty, or nothing. */
export function splitJwt(
  jwt: string,
): { readonly header: string; readonly payload: string; readonly signature: string } | undefined {
  const [header = "", payload = "", signature = "", ...rest] = jwt.length > maxLength ? [] : jwt.split(".");
  if (header === "" || payload === "" || signature === "" || rest.length > 0) return undefined;
  return { header, payload, signature };
}

function invalidJwt(message: string): AgentIdentityError {
  return new AgentIdentityError(message, { kind: "invalid_jwt" });
}
