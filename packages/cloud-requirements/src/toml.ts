import type { TomlError, TomlTable, TomlValue } from "smol-toml";

export type { TomlTable, TomlValue };

/** TOML that cannot be read. The message names the place, and never quotes the document. */
export class InvalidTomlError extends Error {
  override readonly name = "InvalidTomlError";
}

/** Reads TOML. The parser is loaded with the first document. */
export async function parseToml(document: string): Promise<TomlTable> {
  const toml = await import("smol-toml");
  try {
    return toml.parse(document, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof toml.TomlError)) throw error;
    throw toInvalidToml(error);
  }
}

/** Tells tables from all other values, dates included. */
export function isTable(value: TomlValue | undefined): value is TomlTable {
  if (typeof value !== "object" || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Without the error as its cause: the rest of its message shows lines of the document, which may hold secrets. */
function toInvalidToml({ message, line, column }: TomlError): InvalidTomlError {
  const [reason = ""] = message.replace(/^Invalid TOML document: /, "").split("\n");
  return new InvalidTomlError(`line ${line}, column ${column}: ${reason}`);
}
