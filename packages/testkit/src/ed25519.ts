import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";

/** An Ed25519 key pair in the forms that cross the wire. */
export interface AgentKeyPair {
  /** Standard base64 of the PKCS#8 key, in the form it was given or, when generated, version 2 (RFC 5958). */
  readonly privateKeyPkcs8: string;
  /** The 32 bytes of the public key. */
  readonly publicKey: Buffer;
}

const algorithm = "ssh-ed25519";
/** PKCS#8 up to the seed, without and with a public key behind it. */
const pkcs8V1Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const pkcs8V2Prefix = Buffer.from("3051020101300506032b657004220420", "hex");
const pkcs8V2PublicKeyTag = Buffer.from("812100", "hex");
/** SubjectPublicKeyInfo up to the public key. */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** Makes a new key pair. */
export function generateAgentKeyPair(): AgentKeyPair {
  const { privateKey } = generateKeyPairSync("ed25519");
  const seed = privateKey.export({ format: "der", type: "pkcs8" }).subarray(pkcs8V1Prefix.length);
  const publicKey = publicKeyOf(privateKey);
  const pkcs8 = Buffer.concat([pkcs8V2Prefix, seed, pkcs8V2PublicKeyTag, publicKey]);
  return { privateKeyPkcs8: pkcs8.toString("base64"), publicKey };
}

/**
 * Reads a private key in PKCS#8 version 1 or 2.
 *
 * @throws TypeError when it is neither.
 */
export function parsePrivateKey(privateKeyPkcs8: string): AgentKeyPair {
  const der = Buffer.from(privateKeyPkcs8, "base64");
  const isV1 = der.length === 48 && der.subarray(0, 16).equals(pkcs8V1Prefix);
  const isV2 = der.length === 83 && der.subarray(0, 16).equals(pkcs8V2Prefix);
  if (!isV1 && !isV2) throw new TypeError("agent_private_key is not base64 of an Ed25519 PKCS#8 key");
  // Node 20 (OpenSSL 3.0) imports only version 1.
  const key = Buffer.concat([pkcs8V1Prefix, der.subarray(16, 48)]);
  return { privateKeyPkcs8, publicKey: publicKeyOf(createPrivateKey({ key, format: "der", type: "pkcs8" })) };
}

/** Reads the 32 bytes out of `ssh-ed25519 <base64>`; undefined when it is anything else, a trailing comment too. */
export function parseSshPublicKey(text: string): Buffer | undefined {
  const match = /^ssh-ed25519 ([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  const blob = Buffer.from(match[1], "base64");
  const header = Buffer.concat([uint32(algorithm.length), Buffer.from(algorithm), uint32(32)]);
  const isWellFormed = blob.length === header.length + 32 && blob.subarray(0, header.length).equals(header);
  return isWellFormed ? blob.subarray(header.length) : undefined;
}

/** Tells whether `signature` (standard base64, padded) is the key's signature over the UTF-8 bytes of `message`. */
export function isSignedBy(publicKey: Buffer, message: string, signature: string): boolean {
  const bytes = Buffer.from(signature, "base64");
  if (bytes.length !== 64 || bytes.toString("base64") !== signature) return false;
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: "der", type: "spki" });
  return verify(null, Buffer.from(message), key, bytes);
}

function publicKeyOf(privateKey: KeyObject): Buffer {
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return der.subarray(spkiPrefix.length);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
