import type {
  AccountIdentity,
  AuthProvider,
  AuthRejection,
  AuthSnapshot,
  AuthSource,
} from "@codex-ts/auth-provider";

/** A login that a test can change while it is used. Starts as one of an enterprise, with a token that is accepted. */
export class WorkspaceLogin implements AuthSource {
  snapshot: AuthSnapshot | undefined = loginOf();
  /** How often the login was read. */
  reads = 0;
  /** What a 401 leads to. By default there is nothing to be done about it. */
  onRejection: (rejection: AuthRejection) => boolean | Promise<boolean> = () => false;
  /** What reading the login leads to, before the reading is given. */
  onRead: (signal: AbortSignal | undefined) => unknown = () => undefined;

  readonly provider: AuthProvider = {
    addAuthHeaders() {
      throw new Error("what belongs to an account must be signed with a reading of it");
    },
    recover: async (rejection) => await this.onRejection(rejection),
  };

  async current(signal?: AbortSignal): Promise<AuthSnapshot | undefined> {
    this.reads += 1;
    await this.onRead(signal);
    return this.snapshot;
  }
}

/** The token that the backend of the tests takes, apart from those that a test names. */
export const testToken = "access-token-test";

const enterprise: AccountIdentity = {
  accountId: "acct-1",
  userId: "user-1",
  planType: "enterprise",
  isFedramp: false,
  isWorkspace: true,
};

type AccountFacts = { readonly [Name in keyof AccountIdentity]?: AccountIdentity[Name] | undefined };

/** The reading of a login to a workspace. What is `undefined` is not known of the account. */
export function loginOf(
  account: AccountFacts = {},
  facts: Partial<AuthSnapshot> = {},
  token: string = testToken,
): AuthSnapshot {
  return {
    mode: "chatgpt",
    account: Object.fromEntries(
      Object.entries({ ...enterprise, ...account }).filter(([, fact]) => fact !== undefined),
    ) as unknown as AccountIdentity,
    usesCodexBackend: true,
    provider: {
      addAuthHeaders(headers) {
        headers.set("authorization", `Bearer ${token}`);
        const { accountId } = account;
        if (accountId !== undefined) headers.set("chatgpt-account-id", accountId);
      },
    },
    ...facts,
  };
}
