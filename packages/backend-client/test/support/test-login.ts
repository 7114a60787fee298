import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";

/** A ChatGPT login that can be changed while it is used. Starts with the access token that the test backend accepts. */
export class TestLogin implements AuthSource {
  /** The access token that signs; a recovery replaces it by {@link TestLogin.nextToken}. */
  token = "access-token-test";
  nextToken: string | undefined;
  /** Waited for by each renewal. */
  beforeRenewal: () => Promise<unknown> = async () => {};
  /** How often the credential was really renewed. */
  renewals = 0;
  /** What is known of the login; `undefined`: nobody is logged in. */
  facts: Partial<AuthSnapshot> | undefined = {};
  #renewal: Promise<boolean> | undefined;

  readonly provider: AuthProvider = {
    addAuthHeaders: (headers) => sign(headers, this.token),
    // Single-flight, as a login's refresh is; and what was renewed already is worth a try.
    recover: ({ round }) => {
      this.#renewal ??= this.#renew(round).finally(() => {
        this.#renewal = undefined;
      });
      return this.#renewal;
    },
  };

  async current(): Promise<AuthSnapshot | undefined> {
    if (this.facts === undefined) return undefined;
    const { token } = this;
    return {
      mode: "chatgpt",
      account: { accountId: "account-test", isFedramp: false, isWorkspace: false },
      usesCodexBackend: true,
      // A reading stays what it was.
      provider: { addAuthHeaders: (headers) => sign(headers, token) },
      ...this.facts,
    };
  }

  async #renew(round: number): Promise<boolean> {
    if (this.nextToken === undefined) return this.renewals > 0 && round === 0;
    this.renewals += 1;
    const token = this.nextToken;
    this.nextToken = undefined;
    await this.beforeRenewal();
    this.token = token;
    return true;
  }
}

function sign(headers: Headers, token: string): void {
  headers.set("authorization", `Bearer ${token}`);
  headers.set("chatgpt-account-id", "account-test");
}
