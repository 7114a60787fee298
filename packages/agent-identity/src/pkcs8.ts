/** What a PKCS#8 document of an Ed25519 key holds. */
export interface Ed25519KeyMaterial {
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** 32 bytes. Only the second version of the format carries it. */
  readonly publicKey: Uint8Array | undefined;
}

const seedLength = 32;
const publicKeyLength = 32;

const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  sequence: 0x30,
  attributes: 0xa0,
  publicKey: 0x81,
} as const;

// AlgorithmIdentifier of RFC 8410 §3: the object identifier 1.3.101.112 and nothing after it.
const ed25519Algorithm = Buffer.from("06032b6570", "hex");
const version1Header = Buffer.from("302e020100300506032b657004220420", "hex");
const version2Header = Buffer.from("3051020101300506032b657004220420", "hex");
const version2PublicKeyHeader = Buffer.from("812100", "hex");

/**
 * Reads an Ed25519 key in PKCS#8, either version (RFC 5208, RFC 5958). Node 20 cannot import the second one.
 *
 * @returns Nothing for anything else: another algorithm, a wrong length, bytes left over.
 */
export function readPkcs8(der: Uint8Array): Ed25519KeyMaterial | undefined {
  try {
    return readOneAsymmetricKey(der);
  } catch (error) {
    if (error === malformed) return undefined;
    throw error;
  }
}

/** Writes the first version, which every crypto library reads. */
export function writePkcs8Version1(seed: Uint8Array): Buffer {
  return Buffer.concat([version1Header, seed]);
}

/** Writes the second version, which carries the public key and is what the reference stores. */
export function writePkcs8Version2(seed: Uint8Array, publicKey: Uint8Array): Buffer {
  return Buffer.concat([version2Header, seed, version2PublicKeyHeader, publicKey]);
}

const malformed = Symbol("malformed DER");

function readOneAsymmetricKey(der: Uint8Array): Ed25519KeyMaterial {
  const document = new DerReader(der);
  const key = new DerReader(document.read(tags.sequence));
  document.finish();

  const version = key.read(tags.integer);
  if (version.length !== 1 || (version[0] !== 0 && version[0] !== 1)) throw malformed;
  if (!ed25519Algorithm.equals(key.read(tags.sequence))) throw malformed;
  const privateKey = new DerReader(key.read(tags.octetString));
  const seed = privateKey.read(tags.octetString);
  privateKey.finish();
  if (seed.length !== seedLength) throw malformed;

  if (key.nextTag === tags.attributes) key.read(tags.attributes);
  const publicKey = key.nextTag === tags.publicKey ? readBits(key.read(tags.publicKey)) : undefined;
  key.finish();
  // RFC 5958 §2: the version is 1 exactly when the public key is there.
  if ((version[0] === 1) !== (publicKey !== undefined)) throw malformed;
  return { seed, publicKey };
}

function readBits(content: Uint8Array): Uint8Array {
  // The first byte of a bit string counts the unused bits of the last one.
  if (content.length !== publicKeyLength + 1 || content[0] !== 0) throw malformed;
  return content.subarray(1);
}

class DerReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get nextTag(): number | undefined {
    return this.#bytes[this.#offset];
  }

  read(tag: number): Uint8Array {
    if (this.#byte() !== tag) throw malformed;
    const length = this.#length();
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw malformed;
    const content = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return content;
  }

  finish(): void {
    if (this.#offset !== this.#bytes.length) throw malformed;
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset++];
    if (byte === undefined) throw malformed;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    // One length byte is all that a key with a few attributes needs. DER forbids it for what fits the short form.
    if (first !== 0x81) throw malformed;
    const length = this.#byte();
    if (length < 0x80) throw malformed;
    return length;
  }
}
