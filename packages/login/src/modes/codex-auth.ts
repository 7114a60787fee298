import type {
  AccountIdentity,
  AgentIdentityTelemetry,
  AuthProvider,
  AuthSnapshot,
} from "@codex-ts/auth-provider";
import {
  type AuthMode,
  type AuthPlanType,
  isWorkspacePlan,
  type PlanType,
  parsePlanType,
} from "@codex-ts/protocol";
import { LoginError } from "../login-error.js";
import type { StoredTokens } from "../storage/auth-json.js";

/**
 * One login as it was read, in whichever mode. Immutable; secrets leave it only through the methods that say so,
 * and never by printing or serializing it.
 */
export abstract class CodexAuth {
  /** The precise mode. */
  abstract readonly mode: AuthMode;

  /** The mode with {@link CodexAuth.isExternalChatgptTokens} counted as `chatgpt`. */
  get effectiveMode(): AuthMode {
    return this.mode === "chatgptAuthTokens" ? "chatgpt" : this.mode;
  }

  get isApiKeyAuth(): boolean {
    return this.mode === "apikey";
  }

  get isPersonalAccessTokenAuth(): boolean {
    return this.mode === "personalAccessToken";
  }

  /** Whether a human's ChatGPT account is behind it. Gates use {@link CodexAuth.usesCodexBackend} instead. */
  get isChatgptAuth(): boolean {
    return this.effectiveMode === "chatgpt" || this.isPersonalAccessTokenAuth;
  }

  /** Whether it talks to the Codex backend: the broad predicate, for gates. */
  get usesCodexBackend(): boolean {
    return this.isChatgptAuth || this.mode === "agentIdentity";
  }

  /** Whether a host handed the tokens in, and refreshes them. */
  get isExternalChatgptTokens(): boolean {
    return this.mode === "chatgptAuthTokens";
  }

  /** Whether anything can be done about a 401. */
  get supportsUnauthorizedRecovery(): boolean {
    return this.effectiveMode === "chatgpt";
  }

  get accountId(): string | undefined {
    return undefined;
  }

  get userId(): string | undefined {
    return undefined;
  }

  get email(): string | undefined {
    return undefined;
  }

  /** The plan as the credential names it. */
  get planType(): AuthPlanType | undefined {
    return undefined;
  }

  get isFedramp(): boolean {
    return false;
  }

  /** Whether the account belongs to a workspace instead of a person. */
  get isWorkspaceAccount(): boolean {
    return isWorkspacePlan(this.planType);
  }

  /** Ids that telemetry may show, of a login that signs with an Agent Identity. */
  get agentIdentity(): AgentIdentityTelemetry | undefined {
    return undefined;
  }

  /** The plan in the closed list of the account notifications; null for a login without one. */
  get accountPlanType(): PlanType | null {
    return this.planType === undefined ? null : parsePlanType(this.planType);
  }

  /** Hands out the API key, of a login that is one. */
  apiKey(): string | undefined {
    return undefined;
  }

  /**
   * Hands out the secret that is sent as bearer token.
   *
   * @throws {@link LoginError} of kind `credential_missing` when the login has none.
   */
  abstract token(): string;

  /**
   * Hands out the tokens of a ChatGPT login.
   *
   * @throws {@link LoginError} of kind `credential_missing` for other logins, and for one without complete tokens.
   */
  tokenData(): StoredTokens {
    throw missingTokenData();
  }

  /**
   * Gives the provider for this login as it is now. It is not refreshed; a client that lives longer takes the
   * manager's.
   */
  abstract provider(): AuthProvider;

  /** Tells whether the other is the same login with the same secrets. */
  abstract equals(other: CodexAuth): boolean;

  /** Gives the reading of this login that services take. */
  snapshot(): AuthSnapshot {
    const { agentIdentity } = this;
    return {
      mode: this.mode,
      provider: this.provider(),
      account: this.#account(),
      usesCodexBackend: this.usesCodexBackend,
      ...(agentIdentity === undefined ? undefined : { agentIdentity }),
    };
  }

  #account(): AccountIdentity {
    const { accountId, userId, email, planType } = this;
    return {
      ...(accountId === undefined ? undefined : { accountId }),
      ...(userId === undefined ? undefined : { userId }),
      ...(email === undefined ? undefined : { email }),
      ...(planType === undefined ? undefined : { planType }),
      isFedramp: this.isFedramp,
      isWorkspace: this.isWorkspaceAccount,
    };
  }
}

/** The error of a login that has no ChatGPT tokens, or incomplete ones. */
export function missingTokenData(): LoginError {
  return new LoginError("Token data is not available. Sign in again", { kind: "credential_missing" });
}
