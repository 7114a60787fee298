import type { AuthProvider, AuthRejection, AuthSnapshot } from "@codex-ts/auth-provider";
import type { RemoteControlAuth } from "../../src/index.js";

/** Who is logged in, for tests. The backend knows the tokens `login-token-a` and `login-token-b`. */
export interface Identity {
  readonly token: string;
  readonly accountId?: string | undefined;
  readonly usesCodexBackend?: boolean;
}

export const accountA: Identity = { token: "login-token-a", accountId: "account-a" };
export const accountB: Identity = { token: "login-token-b", accountId: "account-b" };
/** Tokens for the backend. */
export const bearerTokens = [accountA, accountB].map(({ token, accountId }) => ({ token, accountId }));

/** A login that tests change while it is used. */
export class TestLogin implements RemoteControlAuth {
  identity: Identity | undefined;
  /** What a step of recovery does; it says whether that is worth another try. */
  onRecover: ((rejection: AuthRejection) => boolean | Promise<boolean>) | undefined;
  readonly rejections: AuthRejection[] = [];
  readonly provider: AuthProvider = {
    addAuthHeaders: (headers) => this.#sign(headers),
    recover: async (rejection) => {
      this.rejections.push(rejection);
      return (await this.onRecover?.(rejection)) ?? false;
    },
  };

  constructor(identity: Identity | undefined = accountA) {
    this.identity = identity;
  }

  async current(): Promise<AuthSnapshot | undefined> {
    if (this.identity === undefined) return undefined;
    const { accountId, usesCodexBackend = true } = this.identity;
    return {
      mode: usesCodexBackend ? "chatgpt" : "apikey",
      provider: { addAuthHeaders: (headers) => this.#sign(headers) },
      account: { isFedramp: false, isWorkspace: false, ...(accountId === undefined ? {} : { accountId }) },
      usesCodexBackend,
    };
  }

  #sign(headers: Headers): void {
    headers.set("authorization", `Bearer ${this.identity?.token}`);
    if (this.identity?.accountId !== undefined) headers.append("chatgpt-account-id", this.identity.accountId);
  }
}
