import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Gives so many random bytes. */
export type RandomSource = (size: number) => Uint8Array;

/** A proof that who redeems a code is who asked for it (RFC 7636, method S256). */
export interface PkceCodes {
  /** Goes to the token endpoint. A secret until then. */
  readonly verifier: string;
  /** Goes to the authorization endpoint. */
  readonly challenge: string;
}

const verifierBytes = 64;
const stateBytes = 32;

/**
 * Makes the codes for one sign-in.
 *
 * @param random - Source of random bytes, by default that of `node:crypto`.
 */
export function createPkceCodes(random: RandomSource = randomBytes): PkceCodes {
  const verifier = base64Url(random(verifierBytes));
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** Makes the value by which a sign-in recognizes its own callback. */
export function createState(random: RandomSource = randomBytes): string {
  return base64Url(random(stateBytes));
}

/** Compares two states in a time that does not tell how much of them is equal. */
export function isSameState(one: string, other: string): boolean {
  // timingSafeEqual wants equal lengths, which digests have.
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
