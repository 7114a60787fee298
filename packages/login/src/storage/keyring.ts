import { LoginError } from "../login-error.js";

/** The credential store of an operating system, or what stands in for it. */
export interface Keyring {
  /** Reads an entry. Nothing: there is none. */
  get(service: string, account: string): Promise<string | undefined>;
  set(service: string, account: string, secret: string): Promise<void>;
  /**
   * Removes an entry.
   *
   * @returns Whether there was one.
   */
  delete(service: string, account: string): Promise<boolean>;
}

/**
 * The operating system's keyring, through the optional dependency `@napi-rs/keyring`, which is loaded when first
 * used.
 */
export const systemKeyring: Keyring = {
  async get(service, account) {
    return (await (await openEntry(service, account)).getPassword()) ?? undefined;
  },
  async set(service, account, secret) {
    await (await openEntry(service, account)).setPassword(secret);
  },
  async delete(service, account) {
    return await (await openEntry(service, account)).deletePassword();
  },
};

type Entry = import("@napi-rs/keyring").AsyncEntry;

async function openEntry(service: string, account: string): Promise<Entry> {
  const { AsyncEntry } = await loadModule();
  return new AsyncEntry(service, account);
}

async function loadModule(): Promise<typeof import("@napi-rs/keyring")> {
  try {
    return await import("@napi-rs/keyring");
  } catch (cause) {
    throw new LoginError(
      'the system keyring needs the package "@napi-rs/keyring"; install it, or choose the storage mode "file"',
      { kind: "storage", cause },
    );
  }
}
