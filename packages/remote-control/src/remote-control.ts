import { hostname } from "node:os";
import type { RemoteControlClientList, RemoteControlPairing, RemoteControlStatus } from "@codex-ts/protocol";
import { accountChangedError } from "./backend-call.js";
import { ClientName } from "./client-name.js";
import { ControlLoop } from "./control-loop.js";
import { DesiredState } from "./desired-state.js";
import { Enroller, toDesired } from "./enroller.js";
import { EnrollmentRows, noStoreText } from "./enrollment-rows.js";
import { type Limits, toLimits } from "./limits.js";
import { LoginWatch } from "./login-watch.js";
import { Mutex } from "./mutex.js";
import { type ClientPage, listClients, type PairedClientsOptions, revokeClient } from "./paired-clients.js";
import { Pairing, type PairingCode } from "./pairing.js";
import type { RemoteClient } from "./remote-client.js";
import { loadAccount } from "./remote-control-auth.js";
import { abortedError, closedError, RemoteControlError } from "./remote-control-error.js";
import { checkOptions, type RemoteControlOptions } from "./remote-control-options.js";
import { type RemoteControlTargets, toTargets } from "./remote-control-targets.js";
import { initialState, nothingToServe, type StartupFacts } from "./startup.js";
import { StatusBoard } from "./status-board.js";
import { WaitingLine } from "./waiting-line.js";

/** What every call may say. */
export interface RemoteControlCallOptions {
  /** Ends the call, with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Who calls, for a host that does not know yet which client it serves. */
  readonly clientName?: string | undefined;
}

/** How remote control is switched on or off. */
export interface ToggleOptions extends RemoteControlCallOptions {
  /**
   * Until the process ends, without a change of what is stored.
   *
   * @defaultValue false
   */
  readonly ephemeral?: boolean | undefined;
}

/** How a pairing is started. */
export interface StartPairingOptions extends RemoteControlCallOptions {
  /**
   * Also asks for a code that people can type.
   *
   * @defaultValue false
   */
  readonly manualCode?: boolean | undefined;
}

/** Which clients are listed. */
export interface ListClientsOptions extends ClientPage, RemoteControlCallOptions {}

/**
 * Starts remote control. From then on it connects and stays connected, as long as it is enabled.
 *
 * @throws TypeError for an option that cannot be; {@link RemoteControlError} of kind `invalid_input` when it is to be
 * enabled and the base URL is not allowed, when managed requirements forbid it, and when the process would serve nobody.
 */
export async function startRemoteControl(options: RemoteControlOptions): Promise<RemoteControl> {
  checkOptions(options);
  const limits = toLimits(options.limits);
  const { startup = "persisted", isAllowed = true, store, baseUrl } = options;
  const facts: StartupFacts = { startup, isAllowed, hasStore: store !== undefined };
  const desired = new DesiredState(initialState(facts));
  if (desired.isEnabled) toTargets(baseUrl);
  const isHopeless = options.isOnlyTransport === true && desired.value.kind === "disabled";
  if (isHopeless) throw nothingToServe(facts);
  const control = new RemoteControl(options, limits, desired);
  try {
    if (options.isOnlyTransport === true) await control.resolveAtOnce(facts);
  } catch (error) {
    await control.close();
    throw error;
  }
  control.start();
  return control;
}

/** Lets clients elsewhere, such as a phone, talk to this process. Made by {@link startRemoteControl}. */
export class RemoteControl implements AsyncDisposable {
  readonly #closing = new AbortController();
  readonly #isAllowed: boolean;
  readonly #desired: DesiredState;
  readonly #board: StatusBoard;
  readonly #rows: EnrollmentRows;
  readonly #watch: LoginWatch;
  readonly #enroller: Enroller;
  readonly #pairing: Pairing;
  readonly #paired: PairedClientsOptions;
  readonly #loop: ControlLoop;
  readonly #arrivals: WaitingLine<RemoteClient>;
  readonly #clientName: ClientName;
  readonly #toggling = new Mutex();
  readonly #underWay = new Set<Promise<unknown>>();
  #running: Promise<void> = Promise.resolve();

  /** @internal */
  constructor(options: RemoteControlOptions, limits: Limits, desired: DesiredState) {
    const { transport, auth, installationId, appServerVersion, store, telemetry } = options;
    const { clock = Date.now, random = Math.random, baseUrl, clientName = "" } = options;
    const serverName = (options.serverName ?? hostname()).trim();
    const targets = (): RemoteControlTargets => toTargets(baseUrl);
    this.#isAllowed = options.isAllowed ?? true;
    this.#desired = desired;
    this.#clientName = new ClientName(options.awaitsClientName === true ? undefined : clientName);
    this.#rows = new EnrollmentRows(store, clock);
    this.#watch = new LoginWatch(auth, limits.loginCheckMs);
    const status = desired.isEnabled ? "connecting" : "disabled";
    this.#board = new StatusBoard({ status, serverName, installationId, environmentId: null }, telemetry);
    this.#arrivals = new WaitingLine({ count: limits.waitingClients, bytes: Number.POSITIVE_INFINITY });
    const shared = {
      transport,
      targets,
      installationId,
      limits,
      clock,
      telemetry,
      desired,
      board: this.#board,
      rows: this.#rows,
      watch: this.#watch,
      timeoutMs: limits.requestTimeoutMs,
    };
    const facts = { serverName, installationId, appServerVersion };
    this.#enroller = new Enroller({ ...shared, facts });
    this.#pairing = new Pairing({ ...shared, enroller: this.#enroller });
    this.#paired = shared;
    this.#loop = new ControlLoop({
      ...shared,
      random,
      enroller: this.#enroller,
      arrivals: this.#arrivals,
      clientName: (signal) => this.#clientName.known(signal),
    });
  }

  /** How remote control is doing, as hosts are told. */
  get status(): RemoteControlStatus {
    return this.#board.value;
  }

  /**
   * The same for a host that answers requests.
   *
   * @throws {@link RemoteControlError} with code `disabled_by_requirements`.
   */
  readStatus(): Promise<RemoteControlStatus> {
    return this.#call({}, async () => this.#board.value);
  }

  /** Why the last try to connect has failed, until one succeeds. */
  get lastError(): RemoteControlError | undefined {
    return this.#loop.lastError;
  }

  /** Yields the status of this moment and then each new one, until the end. A slow reader misses some, never the last. */
  statusChanges(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncIterableIterator<RemoteControlStatus, undefined> {
    return this.#board.read(options.signal);
  }

  /**
   * Yields each client that opens a session, until the end.
   *
   * @throws TypeError while somebody else reads them. {@link RemoteControlError} of kind `aborted` for the signal.
   */
  clients(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncIterableIterator<RemoteClient, undefined> {
    return this.#arrivals.read(options.signal, abortedError);
  }

  /**
   * Says which client the host serves, once. For a host that was started with `awaitsClientName`.
   *
   * @param name - Empty for none.
   */
  setClientName(name: string): void {
    this.#clientName.adopt(name);
  }

  /** Says that the login may have changed, for a login that does not tell by itself. */
  async loginChanged(): Promise<void> {
    await this.#watch.check();
  }

  /**
   * Switches remote control on: for good, which enrols this server at once if need be, or until the process ends.
   *
   * @returns The status, before the connection is there.
   * @throws {@link RemoteControlError} with code `disabled_by_requirements`, `no_store`, `auth_required`,
   * `account_changed`, `invalid_url`, or that of the request.
   */
  enable({ ephemeral = false, ...options }: ToggleOptions = {}): Promise<RemoteControlStatus> {
    return this.#call(options, (signal) =>
      this.#toggling.run(async () => {
        this.#checkStore();
        if (ephemeral) this.#desired.enableForNow();
        else await this.#enableForGood(signal);
        const { status } = this.#board.value;
        if (status !== "connected") this.#board.setStatus("connecting");
        return this.#board.value;
      }, signal),
    );
  }

  /**
   * Switches remote control off: for good, or until the process ends. The enrolment stays; sessions of clients end.
   *
   * @throws {@link RemoteControlError} with code `disabled_by_requirements`, `no_store`, `auth_required`.
   */
  disable({ ephemeral = false, ...options }: ToggleOptions = {}): Promise<RemoteControlStatus> {
    return this.#call(options, (signal) =>
      this.#toggling.run(async () => {
        if (!ephemeral) {
          this.#checkStore();
          const { accountId } = await loadAccount(this.#watch, signal);
          await this.#rows.setEnabled(this.#enroller.keyOf(accountId, this.#clientName.require()), false);
        }
        this.#desired.set({ kind: "disabled" });
        this.#board.setStatus("disabled");
        return this.#board.value;
      }, signal),
    );
  }

  /**
   * Starts a pairing, with which a client finds this server.
   *
   * @throws {@link RemoteControlError} with code `disabled`, `pairing_unavailable`, `enrollment_mismatch`, or that of the
   * request.
   */
  startPairing({ manualCode = false, ...options }: StartPairingOptions = {}): Promise<RemoteControlPairing> {
    return this.#call(options, (signal) => {
      const clientName = this.#clientName.require();
      return this.#pairing.start(manualCode, { clientName, signal });
    });
  }

  /**
   * Tells whether a client has claimed a pairing.
   *
   * @throws {@link RemoteControlError} as {@link RemoteControl.startPairing}; of kind `invalid_input` for a code that is
   * not known or not good any more.
   */
  isPairingClaimed(code: PairingCode, options: RemoteControlCallOptions = {}): Promise<boolean> {
    return this.#call(options, (signal) => {
      const clientName = this.#clientName.require();
      return this.#pairing.status(code, { clientName, signal });
    });
  }

  /** Lists the clients that are paired with an environment. Also while remote control is disabled. */
  listClients(environmentId: string, options: ListClientsOptions = {}): Promise<RemoteControlClientList> {
    return this.#call(options, (signal) => listClients(this.#paired, environmentId, options, signal));
  }

  /** Takes the pairing of a client back. Also while remote control is disabled. */
  revokeClient(
    environmentId: string,
    clientId: string,
    options: RemoteControlCallOptions = {},
  ): Promise<void> {
    return this.#call(options, (signal) => revokeClient(this.#paired, environmentId, clientId, signal));
  }

  /** Ends everything: calls, sessions of clients and the connection. Never rejects. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#underWay);
    await this.#running;
    this.#arrivals.end();
    this.#board.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  start(): void {
    this.#running = this.#loop.run(this.#closing.signal);
  }

  /** @internal */
  async resolveAtOnce(facts: StartupFacts): Promise<void> {
    if (this.#desired.value.kind === "unknown") {
      try {
        await this.#loop.resolvePreferenceOnce(this.#clientName.require(), this.#closing.signal);
      } catch (error) {
        throw nothingToServe(facts, error);
      }
    }
    if (!this.#desired.isEnabled) throw nothingToServe(facts);
  }

  async #enableForGood(signal: AbortSignal): Promise<void> {
    const account = await loadAccount(this.#watch, signal);
    const { accountId } = account;
    const clientName = this.#clientName.require();
    const key = this.#enroller.keyOf(accountId, clientName);
    const enrollment = await this.#enroller.forPreference(account, { clientName, signal });
    const again = await loadAccount(this.#watch, signal);
    if (again.accountId !== accountId) throw accountChangedError("during enrollment");
    if (!(await this.#rows.setEnabled(key, true))) await this.#rows.save(key, enrollment, true);
    this.#enroller.adopt(enrollment);
    this.#desired.set(toDesired(true, accountId));
    if (this.#board.value.status === "disabled") this.#board.setStatus("connecting");
    this.#board.setEnvironmentId(enrollment.environmentId);
  }

  #checkStore(): void {
    if (this.#rows.isAvailable) return;
    throw new RemoteControlError(noStoreText, { kind: "not_found", code: "no_store" });
  }

  /** Lets a call run until it is aborted or everything is closed. */
  async #call<Value>(
    { signal, clientName }: RemoteControlCallOptions,
    task: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    if (this.#closing.signal.aborted) throw closedError();
    if (signal?.aborted) throw abortedError(signal);
    if (!this.#isAllowed) {
      throw new RemoteControlError("remote control is disabled by managed requirements", {
        kind: "permission_denied",
        code: "disabled_by_requirements",
      });
    }
    this.#clientName.adopt(clientName);
    const either =
      signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal]);
    const running = (async () => task(either))();
    this.#underWay.add(running);
    try {
      return await running;
    } catch (error) {
      if (this.#closing.signal.aborted && !signal?.aborted) throw closedError();
      throw error;
    } finally {
      this.#underWay.delete(running);
    }
  }
}
