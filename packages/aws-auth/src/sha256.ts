import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import type { Checksum, SourceData } from "@smithy/types";

/** SHA-256, or with a key HMAC-SHA-256, in the shape that the signer wants. */
export class Sha256 implements Checksum {
  readonly #key: SourceData | undefined;
  #hash: Hash | Hmac;

  constructor(key?: SourceData) {
    this.#key = key;
    this.#hash = start(key);
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = start(this.#key);
  }
}

function start(key: SourceData | undefined): Hash | Hmac {
  if (key === undefined) return createHash("sha256");
  return createHmac("sha256", typeof key === "string" ? key : toBytes(key));
}

function toBytes(key: ArrayBuffer | ArrayBufferView): Uint8Array {
  return key instanceof ArrayBuffer
    ? new Uint8Array(key)
    : new Uint8Array(key.buffer, key.byteOffset, key.byteLength);
}
