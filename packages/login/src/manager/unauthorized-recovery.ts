import { isLoginError, isPermanentRefreshFailure, LoginError } from "../login-error.js";
import type { LoginTelemetry } from "./login-telemetry.js";
import { report } from "./login-telemetry.js";

/** `managed`: tokens that are refreshed here. `external`: those of a host. */
export type RecoveryMode = "external" | "managed";

/** What is done next about a 401. */
export type RecoveryStep = "done" | "external_refresh" | "refresh_token" | "reload";

/** Why there is nothing to be done, or `ready` when there is. */
export type RecoveryAvailability =
  | "no_external_auth"
  | "not_chatgpt_auth"
  | "not_refreshable_auth"
  | "ready"
  | "recovery_exhausted";

/** The steps as a manager carries them out. */
export interface RecoverySteps {
  /** What there is to recover, at this moment. */
  readonly subject:
    | "external_api_key"
    | "external_chatgpt"
    | "managed"
    | "personal_access_token"
    | "unsupported";
  readonly hasExternalAuth: boolean;
  /** @returns Whether the stored login was another one. */
  reload(signal: AbortSignal | undefined): Promise<boolean>;
  refresh(signal: AbortSignal | undefined): Promise<void>;
  externalRefresh(signal: AbortSignal | undefined): Promise<void>;
}

/**
 * What can be done about the 401s of one request, step by step: read the login again, then refresh it. For clients
 * that count their own tries; a transport asks the manager's provider instead.
 */
export class UnauthorizedRecovery {
  readonly mode: RecoveryMode;
  readonly #steps: RecoverySteps;
  readonly #telemetry: LoginTelemetry | undefined;
  #step: RecoveryStep;

  /** @internal */
  constructor(steps: RecoverySteps, telemetry: LoginTelemetry | undefined) {
    this.mode = steps.subject.startsWith("external") ? "external" : "managed";
    this.#steps = steps;
    this.#telemetry = telemetry;
    this.#step = this.mode === "external" ? "external_refresh" : "reload";
  }

  /** The step that {@link UnauthorizedRecovery.next} takes. */
  get step(): RecoveryStep {
    return this.#step;
  }

  /** Whether another step can be taken. */
  get hasNext(): boolean {
    return this.availability === "ready";
  }

  /** Why there is no next step, or `ready`. */
  get availability(): RecoveryAvailability {
    const { subject, hasExternalAuth } = this.#steps;
    if (subject === "personal_access_token") return "not_refreshable_auth";
    if (subject === "unsupported") return "not_chatgpt_auth";
    if (subject === "external_chatgpt" && !hasExternalAuth) return "no_external_auth";
    return this.#step === "done" ? "recovery_exhausted" : "ready";
  }

  /**
   * Takes the next step.
   *
   * @returns Whether the login is another one now. The request is worth sending again in any case.
   * @throws {@link LoginError} of kind `account_mismatch`, of a kind that begins with `refresh_`, `external`,
   * `token_command`, or `not_logged_in` when there is no next step. A step that fails can be tried again.
   */
  async next(signal?: AbortSignal): Promise<boolean> {
    if (!this.hasNext) throw exhausted();
    const step = this.#step as Exclude<RecoveryStep, "done">;
    try {
      const stateChanged = await this.#take(step, signal);
      this.#report(step, stateChanged, undefined);
      return stateChanged;
    } catch (error) {
      if (!isLoginError(error)) throw error;
      if (step === "reload" && error.kind === "account_mismatch") this.#step = "done";
      this.#report(step, false, error);
      throw error;
    }
  }

  async #take(step: Exclude<RecoveryStep, "done">, signal: AbortSignal | undefined): Promise<boolean> {
    if (step === "reload") {
      const isChanged = await this.#steps.reload(signal);
      this.#step = "refresh_token";
      return isChanged;
    }
    await (step === "refresh_token" ? this.#steps.refresh(signal) : this.#steps.externalRefresh(signal));
    this.#step = "done";
    return true;
  }

  #report(step: Exclude<RecoveryStep, "done">, stateChanged: boolean, error: LoginError | undefined): void {
    reportRecovery(this.#telemetry, { mode: this.mode, step, stateChanged, error });
  }
}

/** Tells the hooks of a step that was taken. */
export function reportRecovery(
  telemetry: LoginTelemetry | undefined,
  facts: {
    readonly mode: RecoveryMode;
    readonly step: Exclude<RecoveryStep, "done">;
    readonly stateChanged: boolean;
    readonly error: LoginError | undefined;
  },
): void {
  const outcome = outcomeOf(facts.error);
  report(() => telemetry?.onRecovery?.({ ...facts, outcome }));
}

function outcomeOf(error: LoginError | undefined) {
  if (error === undefined) return "recovery_succeeded";
  return isPermanentRefreshFailure(error) ? "recovery_failed_permanent" : "recovery_failed_transient";
}

function exhausted(): LoginError {
  return new LoginError("No more recovery steps available. Sign in again.", { kind: "not_logged_in" });
}
