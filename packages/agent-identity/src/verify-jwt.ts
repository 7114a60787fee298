import { decodeBase64Url } from "./base64.js";
import { AgentIdentityError } from "./errors.js";
import { parseJsonObject } from "./json-object.js";
import type { AgentIdentityJwk, AgentIdentityJwks } from "./jwks.js";
import { splitJwt } from "./jwt.js";
import { type AgentIdentityClaims, jwtAudience, jwtIssuer, parseClaims } from "./jwt-claims.js";

const expiryLeewaySeconds = 60;
const maxModulusBits = 8192;
const maxShownKeyIdLength = 200;

// What the reference's library can parse. Only RS256 is accepted in the end.
const knownAlgorithms: ReadonlySet<unknown> = new Set([
  ...["HS256", "HS384", "HS512", "ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  "EdDSA",
]);

/**
 * Verifies an Agent Identity token: signed with RS256 by the first key of the set that has the token's `kid`, not
 * expired for more than 60 s, made by the backend for this client.
 *
 * @param now - The instant at which it must not be expired.
 * @throws {@link AgentIdentityError} of kind `untrusted_jwt`.
 */
export async function verifyAgentIdentityJwt(
  jwt: string,
  jwks: AgentIdentityJwks,
  now: Date = new Date(),
): Promise<AgentIdentityClaims> {
  const kid = readKeyId(jwt);
  const jwk = jwks.keys.find((key) => key.kid === kid);
  if (jwk === undefined) throw untrusted(`agent identity JWT kid ${showKeyId(kid)} is not trusted`);
  const payload = await verifySignature(jwt, jwk);
  const claims = parseClaims(parseJsonObject(Buffer.from(payload).toString()));
  const earliestExpiry = Math.floor(now.getTime() / 1000) - expiryLeewaySeconds;
  if (
    claims === undefined ||
    claims.iss !== jwtIssuer ||
    claims.aud !== jwtAudience ||
    !(claims.exp >= earliestExpiry)
  ) {
    throw untrusted(verificationFailed);
  }
  return claims;
}

const verificationFailed = "failed to verify agent identity JWT";

function readKeyId(jwt: string): string {
  const header = decodeHeader(jwt);
  if (header === undefined) throw untrusted("failed to decode agent identity JWT header");
  if (header.kid === undefined) throw untrusted("agent identity JWT header does not include a kid");
  return header.kid;
}

function decodeHeader(jwt: string): { readonly kid: string | undefined } | undefined {
  const bytes = decodeBase64Url(splitJwt(jwt)?.header ?? "");
  const header = bytes === undefined ? undefined : parseJsonObject(bytes.toString());
  if (header === undefined || !knownAlgorithms.has(header["alg"])) return undefined;
  const kid = header["kid"] ?? undefined;
  return kid === undefined || typeof kid === "string" ? { kid } : undefined;
}

async function verifySignature(jwt: string, jwk: AgentIdentityJwk): Promise<Uint8Array> {
  const { compactVerify, importJWK } = await import("jose");
  if (jwk.kty !== "RSA") throw untrusted(verificationFailed);
  const { n, e } = jwk;
  if (!isKeyNumber(n) || !isKeyNumber(e)) throw untrusted("failed to build JWT decoding key");
  // Without `use`, `alg` and the like: they are the publisher's hints, and the reference does not look at them.
  const key = await importJWK({ kty: "RSA", n, e }, "RS256").catch((cause: unknown) => {
    throw untrusted("failed to build JWT decoding key", cause);
  });
  if (Buffer.from(n, "base64url").length * 8 > maxModulusBits) throw untrusted(verificationFailed);
  try {
    return (await compactVerify(jwt, key, { algorithms: ["RS256"] })).payload;
  } catch (cause) {
    throw untrusted(verificationFailed, cause);
  }
}

function isKeyNumber(value: unknown): value is string {
  return typeof value === "string" && value !== "" && decodeBase64Url(value) !== undefined;
}

// The id comes from the token: it must not forge a line in a log.
function showKeyId(kid: string): string {
  return /^[\x21-\x7e]*$/.test(kid) && kid.length <= maxShownKeyIdLength
    ? kid
    : JSON.stringify(kid.slice(0, maxShownKeyIdLength));
}

function untrusted(message: string, cause?: unknown): AgentIdentityError {
  return new AgentIdentityError(message, { kind: "untrusted_jwt", cause });
}
