import type { AuthJson } from "./auth-json.js";
import type { AuthStorage } from "./auth-storage.js";

/** Logins of this process that are never written down, by store key. Shared by all who name the same home. */
const logins = new Map<string, AuthJson>();

/** Keeps the login in the memory of this process. */
export class EphemeralStorage implements AuthStorage {
  readonly location = "memory";
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  async load(): Promise<AuthJson | undefined> {
    return logins.get(this.#key);
  }

  async save(auth: AuthJson): Promise<void> {
    logins.set(this.#key, auth);
  }

  async delete(): Promise<boolean> {
    return logins.delete(this.#key);
  }
}
