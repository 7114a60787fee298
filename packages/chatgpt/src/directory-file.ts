import { readFile, rm, stat } from "node:fs/promises";
import { replaceFile } from "@codex-ts/atomic-file";
import type { AppInfo } from "@codex-ts/protocol";

/** A larger file is not ours. */
const maxBytes = 32 * 1024 * 1024;

/**
 * Reads the connectors from a cache file. One that is not whole, or of another schema, is removed.
 *
 * @returns Nothing when there is no usable file.
 * @throws The system's error when it cannot be read or removed.
 */
export async function readDirectoryFile(path: string): Promise<readonly AppInfo[] | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const connectors = await parseDirectory(text);
  if (connectors === undefined) await rm(path, { force: true });
  return connectors;
}

/** Writes the connectors to a cache file, whole or not at all. */
export function writeDirectoryFile(path: string, connectors: readonly AppInfo[]): Promise<void> {
  return replaceFile(path, JSON.stringify({ schema_version: 1, connectors }, undefined, 2));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > maxBytes) return undefined;
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function parseDirectory(text: string): Promise<readonly AppInfo[] | undefined> {
  const value = tryParse(text);
  if (value === undefined) return undefined;
  const { directoryCacheSchema } = await import("@codex-ts/protocol/schemas");
  return directoryCacheSchema.safeParse(value).data?.connectors;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
