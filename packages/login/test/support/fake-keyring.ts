import type { Keyring } from "../../src/index.js";

/** A keyring in memory, which can be made to fail. */
export class FakeKeyring implements Keyring {
  readonly entries = new Map<string, string>();
  failure: Error | undefined;

  async get(service: string, account: string): Promise<string | undefined> {
    this.#failIfTold();
    return this.entries.get(`${service}/${account}`);
  }

  async set(service: string, account: string, secret: string): Promise<void> {
    this.#failIfTold();
    this.entries.set(`${service}/${account}`, secret);
  }

  async delete(service: string, account: string): Promise<boolean> {
    this.#failIfTold();
    return this.entries.delete(`${service}/${account}`);
  }

  #failIfTold(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
