import type { AgentKey } from "./agent-key.js";
import { decodeBase64 } from "./base64.js";
import { AgentIdentityError } from "./errors.js";

const publicKeyLength = 32;
const nonceLength = 24;

/**
 * Opens a task id that the server sealed to the agent's key (libsodium's `crypto_box_seal`, standard base64).
 *
 * The ciphers are loaded on the first call.
 *
 * @throws {@link AgentIdentityError} of kind `sealed_task_id`.
 */
export async function openSealedTaskId(key: AgentKey, sealed: string): Promise<string> {
  const box = decodeBase64(sealed);
  if (box === undefined) throw sealedTaskIdError("encrypted task id is not valid base64");
  const plaintext = await openBox(key, box);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext);
  } catch (error) {
    throw sealedTaskIdError("decrypted task id is not valid UTF-8", error);
  }
}

async function openBox(key: AgentKey, box: Uint8Array): Promise<Uint8Array> {
  const message = "failed to decrypt encrypted task id";
  const [{ x25519 }, { blake2b }, { hsalsa, xsalsa20poly1305 }] = await Promise.all([
    import("@noble/curves/ed25519.js"),
    import("@noble/hashes/blake2.js"),
    import("@noble/ciphers/salsa.js"),
  ]);
  const secret = key.curve25519Secret();
  const ephemeral = box.subarray(0, publicKeyLength);
  const nonce = blake2b
    .create({ dkLen: nonceLength })
    .update(ephemeral)
    .update(x25519.getPublicKey(secret))
    .digest();
  try {
    const shared = x25519.getSharedSecret(secret, ephemeral);
    const boxKey = new Uint32Array(8);
    hsalsa(words("expand 32-byte k"), words(shared), new Uint32Array(4), boxKey);
    return xsalsa20poly1305(new Uint8Array(boxKey.buffer), nonce).decrypt(box.subarray(publicKeyLength));
  } catch (error) {
    throw sealedTaskIdError(message, error);
  }
}

// Salsa20 works on 32-bit words over the bytes as they lie in memory.
function words(source: Uint8Array | string): Uint32Array {
  const bytes = typeof source === "string" ? Buffer.from(source) : source;
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function sealedTaskIdError(message: string, cause?: unknown): AgentIdentityError {
  return new AgentIdentityError(message, { kind: "sealed_task_id", cause });
}
