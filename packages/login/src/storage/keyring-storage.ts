import { isLoginError, LoginError } from "../login-error.js";
import type { AuthJson } from "./auth-json.js";
import type { AuthStorage } from "./auth-storage.js";
import type { FileStorage } from "./file-storage.js";
import type { Keyring } from "./keyring.js";
import { parseAuthJson } from "./parse-auth-json.js";

const service = "Codex Auth";

/** Keeps the login in a keyring, under the entry that the Codex CLI uses as well. */
export class KeyringStorage implements AuthStorage {
  readonly location: string;
  readonly #keyring: Keyring;
  readonly #account: string;
  readonly #file: FileStorage;

  /** @param file - What a keyring login replaces: no copy of the tokens stays on the disk. */
  constructor(keyring: Keyring, account: string, file: FileStorage) {
    this.location = `the keyring entry "${service}" for ${account}`;
    this.#keyring = keyring;
    this.#account = account;
    this.#file = file;
  }

  get lockFile(): string {
    return this.#file.lockFile;
  }

  async load(): Promise<AuthJson | undefined> {
    const text = await this.#call("load CLI auth from", (keyring) => keyring.get(service, this.#account));
    return text === undefined ? undefined : parseAuthJson(text, this.location);
  }

  async save(auth: AuthJson): Promise<void> {
    await this.saveEntry(auth);
    await this.#file.delete();
  }

  /** Writes the entry and leaves the file alone. */
  async saveEntry(auth: AuthJson): Promise<void> {
    const text = JSON.stringify(auth);
    await this.#call("write OAuth tokens to", (keyring) => keyring.set(service, this.#account, text));
  }

  async delete(): Promise<boolean> {
    const hadEntry = await this.#call("delete auth from", (keyring) =>
      keyring.delete(service, this.#account),
    );
    const hadFile = await this.#file.delete();
    return hadEntry || hadFile;
  }

  async #call<T>(what: string, use: (keyring: Keyring) => Promise<T>): Promise<T> {
    try {
      return await use(this.#keyring);
    } catch (cause) {
      if (isLoginError(cause)) throw cause;
      throw new LoginError(
        `failed to ${what} keyring; unlock the keyring, or choose the storage mode "file" or "auto"`,
        { kind: "storage", cause },
      );
    }
  }
}
