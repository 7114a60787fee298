import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";

/** A login that can be changed while it is used. Starts with the access token that the test backend accepts. */
export class ChatgptLogin implements AuthSource {
  snapshot: AuthSnapshot | undefined = loginOf("access-token-test");
  recoveries = 0;
  readonly provider: AuthProvider = {
    addAuthHeaders() {
      throw new Error("what was asked whether it may must also be what signs");
    },
    recover: async () => {
      this.recoveries += 1;
      return this.recoveries === 1;
    },
  };

  async current(): Promise<AuthSnapshot | undefined> {
    return this.snapshot;
  }
}

/** The reading of a login with this token. */
export function loginOf(token: string, facts: Partial<AuthSnapshot> = {}): AuthSnapshot {
  return {
    mode: "chatgpt",
    account: { accountId: "account-test", isFedramp: false, isWorkspace: false },
    usesCodexBackend: true,
    provider: {
      addAuthHeaders(headers) {
        headers.set("authorization", `Bearer ${token}`);
        headers.set("chatgpt-account-id", "account-test");
      },
    },
    ...facts,
  };
}
