import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";

/** A login that can be changed while it is used. Starts with the ChatGPT token that the test backend accepts. */
export class TestLogin implements AuthSource {
  snapshot: AuthSnapshot | undefined;
  /** What it answers a 401 with; none is left to try at first. */
  readonly recoveries: (() => AuthSnapshot | undefined)[] = [];
  readonly provider: AuthProvider = {
    addAuthHeaders: (headers) => this.#signer().addAuthHeaders(headers),
    recover: async () => {
      const snapshot = this.recoveries.shift()?.();
      if (snapshot !== undefined) this.snapshot = snapshot;
      return snapshot !== undefined;
    },
  };

  constructor(snapshot: AuthSnapshot = chatgptLogin()) {
    this.snapshot = snapshot;
  }

  async current(): Promise<AuthSnapshot | undefined> {
    return this.snapshot;
  }

  #signer(): AuthProvider {
    if (this.snapshot === undefined) throw new Error("nobody is signed in");
    return this.snapshot.provider;
  }
}

/** The reading of a ChatGPT login. */
export function chatgptLogin(
  token = "access-token-test",
  accountId = "account-test",
  mode: AuthSnapshot["mode"] = "chatgpt",
): AuthSnapshot {
  return {
    mode,
    account: { accountId, isFedramp: false, isWorkspace: false },
    usesCodexBackend: true,
    provider: {
      addAuthHeaders(headers) {
        headers.set("authorization", `Bearer ${token}`);
        headers.set("chatgpt-account-id", accountId);
      },
    },
  };
}
