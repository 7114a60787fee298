import { isUtf8 } from "node:buffer";

/**
 * Turns the bytes of an event stream into text whose lines end in LF, cut wherever the chunks are cut.
 *
 * What cannot be decided yet stays behind: the first bytes of a character, and a CR that may belong to a CRLF.
 */
export class SseText {
  #cutCharacter: Buffer | undefined;
  #heldReturn = false;
  #started = false;
  #corrupt = false;

  /** True from the first byte on that is not UTF-8. Nothing after it is decoded. */
  get corrupt(): boolean {
    return this.#corrupt;
  }

  /** True while the first bytes of a character wait for the rest of it. */
  get insideCharacter(): boolean {
    return this.#cutCharacter !== undefined;
  }

  decode(chunk: Uint8Array): string {
    if (this.#corrupt) return "";
    const text = this.#decodeUtf8(chunk);
    return this.#heldReturn || text.includes("\r") ? this.#withoutReturns(text) : text;
  }

  #decodeUtf8(chunk: Uint8Array): string {
    const bytes = this.#afterCutCharacter(chunk);
    let text = bytes.toString();
    // The decoder puts U+FFFD for what it cannot decode. Looking for it costs nothing where the text is Latin-1,
    // because V8 stores that in one byte a character.
    if (text.includes("\ufffd")) text = this.#decodeCarefully(bytes);
    if (this.#started || text === "") return text;
    this.#started = true;
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  #afterCutCharacter(chunk: Uint8Array): Buffer {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#cutCharacter === undefined) return bytes;
    const joined = Buffer.concat([this.#cutCharacter, bytes]);
    this.#cutCharacter = undefined;
    return joined;
  }

  #decodeCarefully(bytes: Buffer): string {
    const end = bytes.length - cutCharacterLength(bytes, bytes.length);
    if (!isUtf8(bytes.subarray(0, end))) {
      this.#corrupt = true;
      return bytes.toString("utf8", 0, validLength(bytes));
    }
    // A copy, because the sender may use the memory of a chunk again.
    if (end < bytes.length) this.#cutCharacter = Buffer.from(bytes.subarray(end));
    return bytes.toString("utf8", 0, end);
  }

  #withoutReturns(text: string): string {
    if (text === "") return text;
    const complete = this.#heldReturn ? `\r${text}` : text;
    this.#heldReturn = complete.endsWith("\r");
    const lines = this.#heldReturn ? complete.slice(0, -1) : complete;
    return lines.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  }
}

/** How many bytes before `end` begin a character that needs more bytes. Does not check the character. */
function cutCharacterLength(bytes: Uint8Array, end: number): number {
  for (let length = 1; length <= 3 && length <= end; length++) {
    const byte = bytes[end - length] ?? 0;
    if (byte >= 0xc0) return length < characterLength(byte) ? length : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function characterLength(firstByte: number): number {
  if (firstByte >= 0xf8) return 0;
  if (firstByte >= 0xf0) return 4;
  return firstByte >= 0xe0 ? 3 : 2;
}

/** How many bytes at the start are whole, valid characters. By halving, since it runs once in a broken stream. */
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
