import { createHmac, timingSafeEqual } from "node:crypto";

/** Signs the compact JSON of a payload: HMAC-SHA256 in padded base64. */
export function signPayload(payload: object, hmacKey: string): string {
  return createHmac("sha256", hmacKey).update(JSON.stringify(payload)).digest("base64");
}

/** Tells whether a signature is that of the payload. Base64 that is not strict is wrong. Takes the same time for all. */
export function verifyPayload(payload: object, signature: string, hmacKey: string): boolean {
  const expected = Buffer.from(signPayload(payload, hmacKey));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
