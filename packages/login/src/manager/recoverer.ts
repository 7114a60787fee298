import type { AuthRejection } from "@codex-ts/auth-provider";
import { isLoginError } from "../login-error.js";
import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { CodexAuth } from "../modes/codex-auth.js";
import { accountMismatch, isSameAccount } from "../refresh/refresh-transaction.js";
import type { ExternalSession } from "./external-session.js";
import type { LoginState } from "./login-state.js";
import type { LoginTelemetry } from "./login-telemetry.js";
import { isManaged, type Refresher } from "./refresher.js";
import { type RecoverySteps, reportRecovery } from "./unauthorized-recovery.js";

/** What a {@link Recoverer} works with. */
export interface RecovererParts {
  readonly state: LoginState;
  readonly refresher: Refresher;
  /** The host's source of tokens at this moment. */
  readonly external: () => ExternalSession | undefined;
  readonly readOnly: boolean;
  readonly telemetry: LoginTelemetry | undefined;
}

/** Decides what a 401 is worth, and does what can be done about it. */
export class Recoverer {
  readonly #parts: RecovererParts;

  constructor(parts: RecovererParts) {
    this.#parts = parts;
  }

  /**
   * Takes the step of one round: first the stored login is read again, then it is refreshed. A host is asked once.
   *
   * @returns Whether the request is worth sending again.
   */
  async recover(rejection: AuthRejection): Promise<boolean> {
    const { round, signal } = rejection;
    const steps = this.steps();
    switch (steps.subject) {
      case "external_api_key":
      case "external_chatgpt":
        return round === 0 && (await this.#askHost(signal));
      case "managed":
        return await this.#recoverManaged(round, steps, signal);
      default:
        return (await this.#parts.state.auth?.provider().recover?.(rejection)) ?? false;
    }
  }

  /** The steps for the login of this moment. */
  steps(): RecoverySteps {
    const { state, refresher } = this.#parts;
    const external = this.#parts.external();
    const { auth } = state;
    return {
      subject: subjectOf(auth, external),
      hasExternalAuth: external !== undefined,
      async reload(signal) {
        const { auth: now } = state;
        const isSame = auth instanceof ChatgptAuth && now instanceof ChatgptAuth && isSameAccount(auth, now);
        if (!isSame) throw accountMismatch();
        return await refresher.reread(signal);
      },
      async refresh(signal) {
        await refresher.refresh({ reason: "unauthorized_recovery", repeatUncertain: false, signal });
      },
      async externalRefresh(signal) {
        await external?.refresh(signal);
      },
    };
  }

  async #askHost(signal: AbortSignal | undefined): Promise<boolean> {
    const external = this.#parts.external();
    if (external === undefined) return false;
    await this.#observed("external", "external_refresh", async () => {
      await external.refreshAfterRejection(signal);
      return true;
    });
    return true;
  }

  async #recoverManaged(
    round: number,
    steps: RecoverySteps,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { refresher, readOnly } = this.#parts;
    if (round === 0) {
      await this.#observed("managed", "reload", () => steps.reload(signal));
      return true;
    }
    if (round > 1 || readOnly) return false;
    await this.#observed("managed", "refresh_token", async () => {
      await refresher.refreshAfterRejection(signal);
      return true;
    });
    return true;
  }

  async #observed(
    mode: "external" | "managed",
    step: "external_refresh" | "refresh_token" | "reload",
    take: () => Promise<boolean>,
  ): Promise<void> {
    const { telemetry } = this.#parts;
    try {
      const stateChanged = await take();
      reportRecovery(telemetry, { mode, step, stateChanged, error: undefined });
    } catch (error) {
      if (isLoginError(error)) reportRecovery(telemetry, { mode, step, stateChanged: false, error });
      throw error;
    }
  }
}

function subjectOf(
  auth: CodexAuth | undefined,
  external: ExternalSession | undefined,
): RecoverySteps["subject"] {
  if (external?.replacesLogin === true) return "external_api_key";
  if (auth?.isExternalChatgptTokens === true) return "external_chatgpt";
  if (auth?.isPersonalAccessTokenAuth === true) return "personal_access_token";
  return auth !== undefined && isManaged(auth) ? "managed" : "unsupported";
}
