import type { TomlTable, TomlValue } from "smol-toml";

export type { TomlTable, TomlValue };

/** TOML that cannot be read. The message names the place, and never quotes the document. */
export class InvalidTomlError extends Error {
  override readonly name = "InvalidTomlError";
}

/** Reads TOML. The parser is loaded with the first document. */
export async function parseToml(document: string): Promise<TomlTable> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    return parse(document, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the message shows lines of the document, which may hold secrets.
    const [reason = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    throw new InvalidTomlError(`line ${error.line}, column ${error.column}: ${reason}`);
  }
}

/** Tells tables from all other values, dates included. */
export function isTable(value: TomlValue | undefined): value is TomlTable {
  if (typeof value !== "object" || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
