import { isAscii, isUtf8, transcode } from "node:buffer";

/**
 * Turns the bytes of an event stream into text whose lines end in LF, cut wherever the chunks are cut.
 *
 * What cannot be decided yet stays behind: the first bytes of a character, and a CR that may belong to a CRLF.
 */
export class SseText {
  #cutCharacter: Buffer | undefined;
  #endedInReturn = false;
  #isStarted = false;
  #isCorrupt = false;

  decode(chunk: Uint8Array): string {
    if (this.#isCorrupt) return "";
    const text = this.#decodeUtf8(toBuffer(chunk));
    return this.#endedInReturn || text.includes("\r") ? this.#withoutReturns(text) : text;
  }

  /** True from the first byte on that is not UTF-8. Nothing after it is decoded. */
  isCorrupt(): boolean {
    return this.#isCorrupt;
  }

  /** True while the first bytes of a character wait for the rest of it. */
  isInsideCharacter(): boolean {
    return this.#cutCharacter !== undefined;
  }

  #decodeUtf8(chunk: Buffer): string {
    const bytes = this.#cutCharacter === undefined ? chunk : Buffer.concat([this.#cutCharacter, chunk]);
    this.#cutCharacter = undefined;
    const text = isAscii(bytes) ? bytes.toString("latin1") : this.#decodeCharacters(bytes);
    if (this.#isStarted || text === "") return text;
    this.#isStarted = true;
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  #decodeCharacters(bytes: Buffer): string {
    const end = bytes.length - cutCharacterLength(bytes, bytes.length);
    // A copy, because the sender may use the memory of a chunk again.
    if (end < bytes.length) this.#cutCharacter = Buffer.from(bytes.subarray(end));
    const characters = bytes.subarray(0, end);
    if (isUtf8(characters)) return toText(characters);
    this.#isCorrupt = true;
    return toText(characters.subarray(0, validLength(characters)));
  }

  #withoutReturns(text: string): string {
    if (text === "") return text;
    const complete = this.#endedInReturn ? `\r${text}` : text;
    this.#endedInReturn = complete.endsWith("\r");
    const lines = this.#endedInReturn ? complete.slice(0, -1) : complete;
    return lines.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  }
}

/** Takes a quarter of the time of `toString()` before Node 24, and as long from then on. The bytes have to be valid. */
function toText(bytes: Buffer): string {
  return transcode(bytes, "utf8", "utf16le").toString("utf16le");
}

function toBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** How many bytes before `end` begin a character that needs more bytes. Does not check the character. */
function cutCharacterLength(bytes: Uint8Array, end: number): number {
  for (let length = 1; length <= 3 && length <= end; length++) {
    const byte = bytes[end - length] ?? 0;
    if (byte >= 0xc0) return length < characterLength(byte) ? length : 0;
  }
  return 0;
}

function characterLength(firstByte: number): number {
  if (firstByte >= 0xf8) return 0;
  if (firstByte >= 0xf0) return 4;
  return firstByte >= 0xe0 ? 3 : 2;
}

/** How many whole characters' bytes come before the first invalid one. By halving: it runs once in a broken stream. */
function validLength(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, middle - cutCharacterLength(bytes, middle)))) valid = middle;
    else invalid = middle;
  }
  return valid - cutCharacterLength(bytes, valid);
}
