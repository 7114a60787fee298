import type { AuthJson } from "./auth-json.js";
import type { AuthStorage } from "./auth-storage.js";
import type { FileStorage } from "./file-storage.js";
import type { KeyringStorage } from "./keyring-storage.js";
import { parseTimestamp } from "./parse-auth-json.js";

/** Prefers the keyring and makes do with the file where there is none. */
export class AutoStorage implements AuthStorage {
  readonly #keyring: KeyringStorage;
  readonly #file: FileStorage;

  constructor(keyring: KeyringStorage, file: FileStorage) {
    this.#keyring = keyring;
    this.#file = file;
  }

  get location(): string {
    return `${this.#keyring.location} or ${this.#file.location}`;
  }

  get lockFile(): string {
    return this.#file.lockFile;
  }

  async load(): Promise<AuthJson | undefined> {
    const entry = await this.#keyring.load().catch(() => undefined);
    if (entry === undefined) return await this.#file.load();
    // Beside an entry there is a file only when the keyring failed while tokens were saved: then the entry's are used up.
    const fallback = await this.#file.load().catch(() => undefined);
    return refreshedAtMs(fallback) > refreshedAtMs(entry) ? fallback : entry;
  }

  async save(auth: AuthJson): Promise<void> {
    try {
      await this.#keyring.saveEntry(auth);
    } catch {
      return await this.#file.save(auth);
    }
    await this.#file.delete();
  }

  async delete(): Promise<boolean> {
    // First, so that a keyring that does not answer leaves no tokens on the disk.
    const hadFile = await this.#file.delete();
    return (await this.#keyring.delete()) || hadFile;
  }
}

function refreshedAtMs(auth: AuthJson | undefined): number {
  return parseTimestamp(auth?.last_refresh ?? "") ?? Number.NEGATIVE_INFINITY;
}
