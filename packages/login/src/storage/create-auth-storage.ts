import type { AuthStorage } from "./auth-storage.js";
import { AutoStorage } from "./auto-storage.js";
import { EphemeralStorage } from "./ephemeral-storage.js";
import { FileStorage } from "./file-storage.js";
import { type Keyring, systemKeyring } from "./keyring.js";
import { KeyringStorage } from "./keyring-storage.js";
import { storeKey } from "./store-key.js";

/**
 * `file`: auth.json in the home folder. `keyring`: the operating system's credential store. `auto`: the keyring, and
 * the file where the keyring fails or is empty. `ephemeral`: the memory of this process.
 */
export type AuthStorageMode = "auto" | "ephemeral" | "file" | "keyring";

/** Settings of {@link createAuthStorage}. */
export interface AuthStorageOptions {
  /** @defaultValue "file" */
  readonly mode?: AuthStorageMode | undefined;
  /** The folder whose login it is; for the keyring and the memory a part of the key. */
  readonly home: string;
  /** @defaultValue {@link systemKeyring} */
  readonly keyring?: Keyring | undefined;
  /**
   * Accepts an auth.json that every user of the machine may read or write, such as a mounted container secret.
   *
   * @defaultValue false
   */
  readonly allowWorldReadable?: boolean | undefined;
}

/** Opens the storage of a home folder. Nothing is read or made yet. */
export function createAuthStorage(options: AuthStorageOptions): AuthStorage {
  const { mode = "file", home, keyring = systemKeyring, allowWorldReadable = false } = options;
  const key = storeKey(home);
  if (mode === "ephemeral") return new EphemeralStorage(key);
  const file = new FileStorage(home, { allowWorldReadable });
  if (mode === "file") return file;
  const entry = new KeyringStorage(keyring, key, file);
  return mode === "keyring" ? entry : new AutoStorage(entry, file);
}
