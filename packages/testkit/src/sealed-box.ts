import { createPrivateKey, createPublicKey, diffieHellman, randomBytes } from "node:crypto";
import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { blake2b } from "@noble/hashes/blake2.js";

const x25519Pkcs8Prefix = Buffer.from("302e020100300506032b656e04220420", "hex");
const x25519SpkiPrefix = Buffer.from("302a300506032b656e032100", "hex");
const fieldPrime = 2n ** 255n - 19n;

/**
 * Seals `plaintext` for the holder of an Ed25519 key, in the format of libsodium's `crypto_box_seal`.
 *
 * @param ed25519PublicKey - The recipient's 32 bytes; the box is made for the X25519 key that corresponds to it.
 * @param ephemeralSecret - 32 bytes for a repeatable box; random when left out.
 * @returns Ephemeral public key and box, in standard base64.
 */
export function sealFor(
  ed25519PublicKey: Uint8Array,
  plaintext: string,
  ephemeralSecret: Uint8Array = randomBytes(32),
): string {
  const recipient = montgomeryFromEdwards(ed25519PublicKey);
  const privateKey = createPrivateKey({
    key: Buffer.concat([x25519Pkcs8Prefix, ephemeralSecret]),
    format: "der",
    type: "pkcs8",
  });
  const ephemeralKey = createPublicKey(privateKey)
    .export({ format: "der", type: "spki" })
    .subarray(x25519SpkiPrefix.length);
  const publicKey = createPublicKey({
    key: Buffer.concat([x25519SpkiPrefix, recipient]),
    format: "der",
    type: "spki",
  });
  const key = boxKey(diffieHellman({ privateKey, publicKey }));
  const nonce = blake2b(Buffer.concat([ephemeralKey, recipient]), { dkLen: 24 });
  const box = xsalsa20poly1305(key, nonce).encrypt(Buffer.from(plaintext));
  return Buffer.concat([ephemeralKey, box]).toString("base64");
}

/** The key of a NaCl box: HSalsa20 of the shared secret and a zero nonce. */
function boxKey(sharedSecret: Uint8Array): Uint8Array {
  const sigma = toWords(Buffer.from("expand 32-byte k"));
  const key = new Uint32Array(8);
  hsalsa(sigma, toWords(sharedSecret), new Uint32Array(4), key);
  return new Uint8Array(key.buffer);
}

/** Copies bytes into words of the machine's own byte order, aligned as typed arrays need it. */
function toWords(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(bytes).buffer);
}

/** The u coordinate (RFC 7748 §4.1) of the point whose y coordinate is the Ed25519 public key: (1 + y) / (1 - y). */
function montgomeryFromEdwards(publicKey: Uint8Array): Buffer {
  const signBit = 1n << 255n;
  const y = littleEndianInteger(publicKey) % signBit;
  const u = ((1n + y) * inverse((fieldPrime + 1n - y) % fieldPrime)) % fieldPrime;
  return Buffer.from(u.toString(16).padStart(64, "0"), "hex").reverse();
}

function littleEndianInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

/** By Fermat: the power of p - 2. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value;
  for (let exponent = fieldPrime - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % fieldPrime;
    base = (base * base) % fieldPrime;
  }
  return result;
}
