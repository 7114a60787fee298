import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
import { decodeBase64 } from "./base64.js";
import { AgentIdentityError } from "./errors.js";
import { readPkcs8, writePkcs8Version1, writePkcs8Version2 } from "./pkcs8.js";

const generationRandomBytes = 64;
const generationLabel = "codex-agent-identity-ed25519-v1";
const seedLength = 32;
const sshKeyType = "ssh-ed25519";
const redacted = "[redacted]";

/**
 * Makes a new key from 64 random bytes.
 *
 * @param random - Source of random bytes, by default that of `node:crypto`.
 * @throws {@link AgentIdentityError} of kind `key_generation` when the source fails.
 */
export function generateAgentKey(random: (size: number) => Uint8Array = randomBytes): AgentKey {
  const bytes = drawRandomBytes(random);
  const hash = createHash("sha512").update(generationLabel, "ascii").update(bytes).digest();
  return AgentKey.fromSeed(hash.subarray(0, seedLength));
}

/**
 * The Ed25519 key of an agent. Parsed once, then signs as often as asked.
 *
 * The private half leaves it only through {@link AgentKey.toPkcs8Base64}. Printed, serialized or put into a
 * string, a key shows `[redacted]`.
 */
export class AgentKey {
  readonly #seed: Uint8Array;
  readonly #privateKey: KeyObject;
  readonly #publicKey: Uint8Array;
  /** The public key as one line of an SSH `authorized_keys` file, without a comment. */
  readonly sshPublicKey: string;

  private constructor(seed: Uint8Array) {
    this.#seed = Uint8Array.from(seed);
    this.#privateKey = createPrivateKey({ key: writePkcs8Version1(seed), format: "der", type: "pkcs8" });
    this.#publicKey = rawPublicKey(this.#privateKey);
    this.sshPublicKey = `${sshKeyType} ${Buffer.concat([sshString(Buffer.from(sshKeyType)), sshString(this.#publicKey)]).toString("base64")}`;
  }

  /**
   * Reads a stored key: standard base64 with padding, of PKCS#8 version 1 or 2.
   *
   * @throws {@link AgentIdentityError} of kind `invalid_key`, also when a version 2 key carries a public half
   * that does not belong to it.
   */
  static fromPkcs8Base64(text: string): AgentKey {
    const der = decodeBase64(text);
    if (der === undefined) throw invalidKey("base64");
    const material = readPkcs8(der);
    if (material === undefined) throw invalidKey("PKCS#8");
    const key = new AgentKey(material.seed);
    if (material.publicKey !== undefined && !Buffer.from(key.#publicKey).equals(material.publicKey)) {
      throw invalidKey("PKCS#8");
    }
    return key;
  }

  /** Makes the key of a 32-byte seed (RFC 8032 §5.1.5). @internal */
  static fromSeed(seed: Uint8Array): AgentKey {
    return new AgentKey(seed);
  }

  /** The 32 bytes of the public key. Each reading is a copy. */
  get publicKey(): Uint8Array {
    return Uint8Array.from(this.#publicKey);
  }

  /** Signs with Ed25519 (RFC 8032, pure). Equal bytes give equal signatures. Text is signed as UTF-8. */
  sign(bytes: Uint8Array | string): Uint8Array {
    return sign(null, typeof bytes === "string" ? Buffer.from(bytes) : bytes, this.#privateKey);
  }

  /** Exports the private key as standard base64 of PKCS#8 version 2, the form that is stored. A secret. */
  toPkcs8Base64(): string {
    return writePkcs8Version2(this.#seed, this.#publicKey).toString("base64");
  }

  /**
   * Derives the X25519 secret that opens boxes sealed to this key, as libsodium's
   * `crypto_sign_ed25519_sk_to_curve25519` does.
   *
   * @internal
   */
  curve25519Secret(): Uint8Array {
    const secret = Uint8Array.from(createHash("sha512").update(this.#seed).digest().subarray(0, 32));
    // Clamping, RFC 7748 §5.
    secret[0] = (secret[0] ?? 0) & 248;
    secret[31] = ((secret[31] ?? 0) & 127) | 64;
    return secret;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  /** @internal */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return redacted;
  }
}

function drawRandomBytes(random: (size: number) => Uint8Array): Uint8Array {
  const message = "failed to generate agent identity private key seed material";
  let bytes: Uint8Array;
  try {
    bytes = random(generationRandomBytes);
  } catch (error) {
    throw new AgentIdentityError(message, { kind: "key_generation", cause: error });
  }
  if (bytes.length !== generationRandomBytes)
    throw new AgentIdentityError(message, { kind: "key_generation" });
  return bytes;
}

function rawPublicKey(privateKey: KeyObject): Uint8Array {
  // An Ed25519 SubjectPublicKeyInfo is a header of 12 bytes and the key (RFC 8410 §4).
  return createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(12);
}

function sshString(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function invalidKey(expected: "base64" | "PKCS#8"): AgentIdentityError {
  return new AgentIdentityError(`stored agent identity private key is not valid ${expected}`, {
    kind: "invalid_key",
  });
}
