import type { AuthJson } from "./auth-json.js";
import type { AuthStorage } from "./auth-storage.js";
import type { FileStorage } from "./file-storage.js";
import type { KeyringStorage } from "./keyring-storage.js";

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
    return entry ?? (await this.#file.load());
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
