import type { BackendAccountEntry, ThreadUsageEntry, WorkspaceMessageEntry } from "./backend-account.js";
import { UsageMeter } from "./usage-meter.js";

/** What the backend knows of the account that is logged in. Change it at any time: the next answer has it. */
export class AccountBackend {
  readonly usage: UsageMeter;
  /** Answers of `accounts/check`. Default: one account, that of the credential. */
  accounts: readonly BackendAccountEntry[] | undefined;
  /** Default: the ids, or the keys of the map, in their order. */
  accountOrdering: readonly string[] | undefined;
  /** Default: the first account. */
  defaultAccountId: string | null | undefined;
  /** In which of its two forms `accounts/check` answers; the keys of the map are the ids. Default `list`. */
  accountsForm: "list" | "map" = "list";
  /** What the workspace tells its members. `undefined`: it has no such messages, which is answered 404. */
  messages: readonly WorkspaceMessageEntry[] | undefined = [];
  /** Answer of `profiles/me`. */
  profile: object = { stats: {} };
  /** Answer of `settings/user`. */
  settings: object = {};
  /** What threads have cost, as entries of `usage/thread_usage/query`. */
  threadUsage: readonly ThreadUsageEntry[] = [];
  /** How long after a mail to the owner the next one is answered 429. Default: a day. */
  nudgeCooldownMs = 86_400_000;
  readonly #now: () => number;
  readonly #nudges: { readonly creditType: string; readonly at: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
    this.usage = new UsageMeter(now);
  }

  /** What the owner was asked for by mail, oldest first. */
  get nudges(): readonly string[] {
    return this.#nudges.map(({ creditType }) => creditType);
  }

  /**
   * Sends a mail to the owner, unless one was sent not long ago.
   *
   * @internal
   */
  nudge(creditType: string): boolean {
    const last = this.#nudges.at(-1);
    if (last !== undefined && this.#now() < last.at + this.nudgeCooldownMs) return false;
    this.#nudges.push({ creditType, at: this.#now() });
    return true;
  }

  /** @internal */
  reset(): void {
    this.usage.reset();
    this.accounts = undefined;
    this.accountOrdering = undefined;
    this.defaultAccountId = undefined;
    this.accountsForm = "list";
    this.messages = [];
    this.profile = { stats: {} };
    this.settings = {};
    this.threadUsage = [];
    this.nudgeCooldownMs = 86_400_000;
    this.#nudges.length = 0;
  }
}
