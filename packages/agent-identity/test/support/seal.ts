import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";

/** Seals a text for an X25519 public key, as libsodium's `crypto_box_seal` does. */
export function sealText(text: string, recipientHex: string): string {
  const recipient = Uint8Array.from(Buffer.from(recipientHex, "hex"));
  const secret = new Uint8Array(32).fill(9);
  const ephemeral = x25519.getPublicKey(secret);
  const words = (bytes: Uint8Array): Uint32Array => new Uint32Array(Uint8Array.from(bytes).buffer);
  const key = new Uint32Array(8);
  hsalsa(
    words(Buffer.from("expand 32-byte k")),
    words(x25519.getSharedSecret(secret, recipient)),
    new Uint32Array(4),
    key,
  );
  const nonce = blake2b(Buffer.concat([ephemeral, recipient]), { dkLen: 24 });
  const box = xsalsa20poly1305(new Uint8Array(key.buffer), nonce).encrypt(Buffer.from(text));
  return Buffer.concat([ephemeral, box]).toString("base64");
}
