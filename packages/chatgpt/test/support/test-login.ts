import type { AccountIdentity, AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";

/** An account of the test backend. */
export interface TestAccount {
  readonly token: string;
  readonly identity: AccountIdentity;
}

export const personal: TestAccount = accountOf("account-1", false);
export const workspace: TestAccount = accountOf("account-w", true);
export const otherWorkspace: TestAccount = accountOf("account-x", true);

/** Makes an account whose token the test backend knows. */
function accountOf(accountId: string, isWorkspace: boolean): TestAccount {
  const identity = { accountId, userId: `user of ${accountId}`, isFedramp: false, isWorkspace };
  return { token: `token of ${accountId}`, identity };
}

/** A login that can be changed while it is used. */
export class TestLogin implements AuthSource {
  /** Who is logged in; `undefined`: nobody. */
  account: TestAccount | undefined;
  /** What else is known of the login. */
  facts: Partial<AuthSnapshot> = {};
  /** Signs until a recovery has put the account's own token in its place. */
  expiredToken: string | undefined;
  /** How often the credential was really renewed. */
  renewals = 0;
  /** What signs is that of the reading, so nothing may sign with this one. */
  readonly provider: AuthProvider = {
    addAuthHeaders() {
      throw new Error("what was asked whether it may must also be what signs");
    },
    // Single-flight, as a login's refresh is.
    recover: ({ round }) => {
      // A request that was sent before the renewal is refused after it: the new credential is there already.
      if (this.expiredToken === undefined) return Promise.resolve(this.renewals > 0 && round === 0);
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = undefined;
      });
      return this.#renewal;
    },
  };
  #renewal: Promise<boolean> | undefined;

  constructor(account: TestAccount) {
    this.account = account;
  }

  async current(): Promise<AuthSnapshot | undefined> {
    if (this.account === undefined) return undefined;
    const { token, identity } = this.account;
    const used = this.expiredToken ?? token;
    return {
      mode: "chatgpt",
      account: identity,
      usesCodexBackend: true,
      provider: {
        addAuthHeaders(headers) {
          headers.set("authorization", `Bearer ${used}`);
          headers.set("chatgpt-account-id", identity.accountId ?? "");
        },
      },
      ...this.facts,
    };
  }

  async #renew(): Promise<boolean> {
    this.renewals += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.expiredToken = undefined;
    return true;
  }
}
