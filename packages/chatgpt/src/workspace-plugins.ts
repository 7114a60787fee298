import { pathSegment } from "@codex-ts/backend-client";
import { AccountCache } from "./account-cache.js";
import type { AccountSession } from "./account-session.js";
import type { CallOptions } from "./options.js";

const ttlMs = 900_000;

/** Whether the settings of a workspace let plugins be used. Remembered for a quarter of an hour. */
export class WorkspacePlugins {
  readonly #memory: AccountCache<boolean>;

  constructor(now: () => number) {
    this.#memory = new AccountCache(now);
  }

  async areEnabled(session: AccountSession, options: CallOptions): Promise<boolean> {
    const { accountId } = session.account;
    const known = this.#memory.fresh(accountId);
    if (known !== undefined) return known;
    const ticket = this.#memory.takeTicket();
    const { beta_settings } = await session.request(
      { method: "GET", path: `accounts/${pathSegment("accountId", accountId)}/settings` },
      ({ workspaceSettingsSchema }) => workspaceSettingsSchema,
      options,
    );
    const areEnabled = beta_settings["enable_plugins"] ?? true;
    this.#memory.store(ticket, accountId, areEnabled, ttlMs);
    return areEnabled;
  }

  clear(): void {
    this.#memory.clear();
  }
}
