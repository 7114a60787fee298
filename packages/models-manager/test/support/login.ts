import { type AuthProvider, type AuthSnapshot, type AuthSource, applyAuth } from "@codex-ts/auth-provider";

export interface LoginFacts {
  readonly token?: string;
  readonly mode?: AuthSnapshot["mode"];
  readonly accountId?: string | undefined;
  readonly userId?: string;
}

/** One reading of a login. By default that of the account that the test backend knows. */
export function loginOf(facts: LoginFacts = {}): AuthSnapshot {
  const { token = "access-token-test", mode = "chatgpt", userId } = facts;
  const accountId = "accountId" in facts ? facts.accountId : "account-test";
  return {
    mode,
    usesCodexBackend: mode !== "apikey",
    account: {
      ...(accountId === undefined ? {} : { accountId }),
      ...(userId === undefined ? {} : { userId }),
      isFedramp: false,
      isWorkspace: false,
    },
    provider: {
      addAuthHeaders(headers) {
        headers.set("authorization", `Bearer ${token}`);
        if (accountId !== undefined) headers.set("chatgpt-account-id", accountId);
      },
    },
  };
}

/** A login that can be changed while it is used, and made to fail. */
export class Login implements AuthSource {
  snapshot: AuthSnapshot | undefined;
  failure: Error | undefined;
  readonly provider: AuthProvider = {
    addAuthHeaders: (headers) => this.snapshot?.provider.addAuthHeaders(headers),
    applyAuth: (request) =>
      this.snapshot === undefined ? request : applyAuth(this.snapshot.provider, request),
    recover: async ({ round }) => {
      if (this.renewed === undefined || round > 0) return false;
      this.snapshot = this.renewed;
      return true;
    },
  };
  /** What a 401 leads to. */
  renewed: AuthSnapshot | undefined;

  constructor(snapshot: AuthSnapshot | undefined = loginOf()) {
    this.snapshot = snapshot;
  }

  async current(): Promise<AuthSnapshot | undefined> {
    if (this.failure !== undefined) throw this.failure;
    return this.snapshot;
  }
}
