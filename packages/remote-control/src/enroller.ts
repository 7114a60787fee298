import { isTransportError, type Transport } from "@codex-ts/client";
import type { DesiredState } from "./desired-state.js";
import { type Enrollment, isSameEnrollment, needsRefresh, withoutToken } from "./enrollment.js";
import { type EnrollmentCall, enroll, refresh, type ServerFacts } from "./enrollment-calls.js";
import type { EnrollmentRows } from "./enrollment-rows.js";
import type { EnrollmentKey } from "./enrollment-store.js";
import type { Limits } from "./limits.js";
import type { LoginWatch } from "./login-watch.js";
import { Mutex } from "./mutex.js";
import { loadAccount, type RemoteAccount, recoverLogin } from "./remote-control-auth.js";
import { isRemoteControlError, RemoteControlError } from "./remote-control-error.js";
import type { RemoteControlTargets } from "./remote-control-targets.js";
import type { StatusBoard } from "./status-board.js";

/** What enrolling needs of its surroundings. */
export interface EnrollerOptions {
  readonly transport: Transport;
  readonly watch: LoginWatch;
  /** @throws {@link RemoteControlError} with code `invalid_url`. */
  readonly targets: () => RemoteControlTargets;
  readonly facts: ServerFacts;
  readonly rows: EnrollmentRows;
  readonly desired: DesiredState;
  readonly board: StatusBoard;
  readonly limits: Limits;
  readonly clock: () => number;
}

/** For whom an enrolment is wanted. */
export interface EnrollmentRequest {
  readonly clientName: string;
  readonly signal: AbortSignal;
}

/** An enrolment, and the account that it is for. */
export interface Enrolled {
  readonly account: RemoteAccount;
  readonly enrollment: Enrollment;
}

/**
 * Holds the enrolment of this process. Whatever loads, makes or renews it does so under one lock, so that nobody ever
 * enrols twice.
 */
export class Enroller {
  readonly #options: EnrollerOptions;
  readonly #lock = new Mutex();
  #enrollment: Enrollment | undefined;
  #recoveryRound = 0;

  constructor(options: EnrollerOptions) {
    this.#options = options;
  }

  /** The enrolment of this moment, if it is of this account. */
  currentOf(accountId: string): Enrollment | undefined {
    return this.#enrollment?.accountId === accountId ? this.#enrollment : undefined;
  }

  /** Begins to count the steps of recovery anew: the login has changed, or proved good. */
  resetRecovery(): void {
    this.#recoveryRound = 0;
  }

  /**
   * Gets an enrolment to connect with: that of this process, the stored one or a new one, with a token that is good.
   *
   * @throws {@link RemoteControlError}. `interrupted` when remote control is not wanted any more.
   */
  forConnection(request: EnrollmentRequest): Promise<Enrollment> {
    return this.#lock.run(async () => {
      const account = await this.#accountForConnection(request.signal);
      await this.#leaveOtherAccount(account, request);
      const enrollment = await this.#loadOrEnroll(account, request, (error) => this.#afterRecovery(error));
      return this.#freshen({ account, enrollment }, request, (error) => this.#afterRecovery(error));
    }, request.signal);
  }

  /** Gets the enrolment of an account without looking at its token, and enrols if there is none. */
  forPreference(account: RemoteAccount, request: EnrollmentRequest): Promise<Enrollment> {
    return this.#lock.run(() => this.#forCall(account, request), request.signal);
  }

  /**
   * Gets an enrolment with a token that is good, for a call that cannot wait for the connection.
   *
   * @param mayEnroll - Without it, only the enrolment of this process will do.
   * @returns Nothing when there is none to be used.
   */
  forPairing(
    account: RemoteAccount,
    request: EnrollmentRequest,
    mayEnroll: boolean,
  ): Promise<{ readonly enrollment: Enrollment; readonly isNew: boolean } | undefined> {
    return this.#lock.run(async () => {
      const known = mayEnroll ? await this.#forCall(account, request) : this.currentOf(account.accountId);
      if (known === undefined) return undefined;
      const enrollment = await this.#freshen({ account, enrollment: known }, request, (error, again) =>
        this.#recoverAndRepeat(error, again),
      );
      return { enrollment, isNew: !isSameEnrollment(enrollment, known) };
    }, request.signal);
  }

  /** Takes an enrolment in that was made for the preference. */
  adopt(enrollment: Enrollment): void {
    if (isSameEnrollment(this.#enrollment, enrollment)) return;
    this.#enrollment = enrollment;
  }

  /**
   * Gives up a token that the backend has refused.
   *
   * @returns Whether it was still the one in use.
   */
  clearToken(refused: Enrollment): boolean {
    const current = this.#enrollment;
    if (current === undefined || !isSameEnrollment(current, refused)) return false;
    // Somebody else may have renewed it meanwhile.
    if (current.token?.secret === refused.token?.secret) this.#enrollment = withoutToken(current);
    return true;
  }

  /** Enrols anew in place of a server that the backend does not know any more. */
  replaceMissing(missing: Enrollment, request: EnrollmentRequest): Promise<Enrollment | undefined> {
    return this.#lock.run(async () => {
      if (!isSameEnrollment(this.#enrollment, missing)) return undefined;
      const account = await loadAccount(this.#options.watch, request.signal);
      if (account.accountId !== missing.accountId) return undefined;
      return this.#enroll(account, request);
    }, request.signal);
  }

  keyOf(accountId: string, clientName: string): EnrollmentKey {
    return { websocketUrl: this.#options.targets().websocket, accountId, clientName };
  }

  #drop(): void {
    this.#enrollment = undefined;
    this.#options.board.setEnvironmentId(null);
  }

  async #accountForConnection(signal: AbortSignal): Promise<RemoteAccount> {
    try {
      return await loadAccount(this.#options.watch, signal);
    } catch (error) {
      if (isRemoteControlError(error) && error.kind === "permission_denied") this.#drop();
      throw error;
    }
  }

  /** What was stored and enrolled for one account is nothing to another. */
  async #leaveOtherAccount(account: RemoteAccount, request: EnrollmentRequest): Promise<void> {
    const { desired, rows, watch } = this.#options;
    const before = desired.value;
    const isStoredForOther =
      before.kind === "enabled" && before.isStored && before.accountId !== account.accountId;
    const isEnrolledForOther =
      this.#enrollment !== undefined && this.#enrollment.accountId !== account.accountId;
    if (isStoredForOther) {
      const row = await rows.load(this.keyOf(account.accountId, request.clientName));
      const again = await loadAccount(watch, request.signal);
      if (again.accountId !== account.accountId) {
        throw new RemoteControlError("remote control account changed while resolving persisted preference", {
          kind: "would_block",
          code: "account_changed",
        });
      }
      // Somebody may have switched it on or off meanwhile, who knows better.
      if (desired.value === before) desired.set(toDesired(row?.isEnabled === true, account.accountId));
    }
    if (isEnrolledForOther) this.#drop();
    if (!desired.isEnabled) throw disabledError("disabled after account changed");
  }

  async #loadOrEnroll(
    account: RemoteAccount,
    request: EnrollmentRequest,
    onRefused: OnRefused,
  ): Promise<Enrollment> {
    const known = await this.#load(account, request);
    if (known !== undefined) return known;
    if (!this.#options.desired.isEnabled) throw disabledError("disabled before enrollment");
    const attempt = (): Promise<Enrollment> => this.#enroll(account, request);
    return onceMore(attempt, onRefused);
  }

  async #load(account: RemoteAccount, { clientName }: EnrollmentRequest): Promise<Enrollment | undefined> {
    const { board, facts, rows } = this.#options;
    const key = this.keyOf(account.accountId, clientName);
    const known = this.currentOf(account.accountId) ?? toEnrollment(key, await rows.load(key), facts);
    if (known === undefined) return undefined;
    this.#enrollment = known;
    board.setEnvironmentId(known.environmentId);
    return known;
  }

  async #enroll(account: RemoteAccount, request: EnrollmentRequest): Promise<Enrollment> {
    const { board, desired, rows } = this.#options;
    const enrollment = await enroll(this.#callOf(account, request.signal));
    if (!desired.isEnabled) throw disabledError("disabled during enrollment");
    await rows.save(this.keyOf(account.accountId, request.clientName), enrollment, desired.storedFlag);
    this.#enrollment = enrollment;
    board.setEnvironmentId(enrollment.environmentId);
    return enrollment;
  }

  async #freshen(
    { account, enrollment }: Enrolled,
    request: EnrollmentRequest,
    onRefused: OnRefused,
  ): Promise<Enrollment> {
    const { clock } = this.#options;
    if (!needsRefresh(enrollment, clock())) return enrollment;
    const attempt = async (): Promise<Enrollment> => {
      try {
        const fresh = await refresh(this.#callOf(account, request.signal), enrollment);
        this.#enrollment = fresh;
        return fresh;
      } catch (error) {
        if (isRemoteControlError(error) && error.kind === "not_found") return this.#enroll(account, request);
        throw error;
      }
    };
    return onceMore(attempt, onRefused);
  }

  /** The enrolment of this process, the stored one, or a new one that is kept whether or not it is wanted already. */
  async #forCall(account: RemoteAccount, request: EnrollmentRequest): Promise<Enrollment> {
    const known = await this.#load(account, request);
    if (known !== undefined) return known;
    const attempt = async (): Promise<Enrollment> => {
      const { desired } = this.#options;
      if (desired.isEnabled) return this.#enroll(account, request);
      return enroll(this.#callOf(account, request.signal));
    };
    return onceMore(attempt, (error, again) => this.#recoverAndRepeat(error, again));
  }

  /** After a refusal, a call that somebody waits for is made once more. */
  async #recoverAndRepeat(error: RemoteControlError, again: () => Promise<Enrollment>): Promise<Enrollment> {
    if (!(await this.#recover(error))) throw error;
    return again();
  }

  /** After a refusal, the next try to connect comes with a credential that was renewed. */
  async #afterRecovery(error: RemoteControlError): Promise<never> {
    if (!(await this.#recover(error))) throw error;
    throw new RemoteControlError(`${error.message}; retrying after auth recovery`, {
      kind: "other",
      status: error.status,
      cause: error,
    });
  }

  /** Asks the login for a step of recovery after a 403. After a 401 the transport has done so, until it was told no. */
  async #recover(error: RemoteControlError): Promise<boolean> {
    if (error.status !== 403) return false;
    const round = this.#recoveryRound;
    this.#recoveryRound += 1;
    try {
      return await recoverLogin(this.#options.watch, { round, ...answerOf(error), status: 403 });
    } catch {
      // The refusal says more than the failure to do something about it.
      return false;
    }
  }

  #callOf({ auth, accountId }: RemoteAccount, signal: AbortSignal): EnrollmentCall {
    const { transport, targets, facts, limits } = this.#options;
    return {
      transport,
      targets: targets(),
      facts,
      auth,
      accountId,
      timeoutMs: limits.requestTimeoutMs,
      signal,
    };
  }
}

/** What a provider is told of a refusal. */
function answerOf({ cause }: RemoteControlError): { readonly headers: Headers; readonly body: string } {
  const answer = isTransportError(cause) ? cause : undefined;
  return { headers: answer?.headers ?? new Headers(), body: answer?.body ?? "" };
}

/** Answers a refusal with 401 or 403: tries again, or throws. */
type OnRefused = (error: RemoteControlError, again: () => Promise<Enrollment>) => Promise<Enrollment>;

async function onceMore(attempt: () => Promise<Enrollment>, onRefused: OnRefused): Promise<Enrollment> {
  try {
    return await attempt();
  } catch (error) {
    if (!isRemoteControlError(error) || error.kind !== "permission_denied") throw error;
    return onRefused(error, attempt);
  }
}

/** What the store says, as the state it stands for. */
export function toDesired(isEnabled: boolean, accountId: string): DesiredState["value"] {
  return isEnabled ? { kind: "enabled", isStored: true, accountId } : { kind: "disabled" };
}

function toEnrollment(
  { websocketUrl, accountId }: EnrollmentKey,
  row: Awaited<ReturnType<EnrollmentRows["load"]>>,
  { serverName }: ServerFacts,
): Enrollment | undefined {
  if (row === undefined) return undefined;
  return { websocketUrl, accountId, serverName, serverId: row.serverId, environmentId: row.environmentId };
}

function disabledError(what: string): RemoteControlError {
  return new RemoteControlError(`remote control ${what}`, { kind: "interrupted", code: "disabled" });
}
