import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";

/**
 * The account name under which a keyring holds the login of a home folder, the same as the Codex CLI's.
 *
 * @param home - Made canonical if it exists, else hashed as it is.
 */
export function storeKey(home: string): string {
  return `cli|${createHash("sha256").update(canonical(home)).digest("hex").slice(0, 16)}`;
}

function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
