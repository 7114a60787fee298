import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";

/** A ChatGPT login that can be changed while it is used. Starts with the access token that the test backend accepts. */
export class TestLogin implements AuthSource {
  /** The access token that signs; a recovery replaces it by {@link TestLogin.nextToken}. */
  token = "access-token-test";
  nextToken: string | undefined;
  /** How often the credential was really renewed. */
  renewals = 0;
  /** What is known of the login; `undefined`: nobody is logged in. */
  facts: Partial<AuthSnapshot> | undefined = {};
  #renewal: Promise<boolean> | undefined;

  readonly provider: AuthProvider = {
    addAuthHeaders: (headers) => {
      headers.set("authorization", `Bearer ${this.token}`);
      headers.set("chatgpt-account-id", "account-test");
    },
    // Single-flight, as a login's refresh is.
    recover: () => {
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = undefined;
      });
      return this.#renewal;
    },
  };

  async current(): Promise<AuthSnapshot | undefined> {
    if (this.facts === undefined) return undefined;
    return {
      mode: "chatgpt",
      account: { accountId: "account-test", isFedramp: false, isWorkspace: false },
      usesCodexBackend: true,
      provider: this.provider,
      ...this.facts,
    };
  }

  async #renew(): Promise<boolean> {
    // An answer to the old token may come when the new one is there already.
    if (this.nextToken === undefined) return this.renewals > 0;
    this.renewals += 1;
    const token = this.nextToken;
    this.nextToken = undefined;
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.token = token;
    return true;
  }
}
