import type { Transport, WebSocketConnection, WebSocketTransport } from "@codex-ts/client";
import { ControlChannel, type ControlChannelOptions } from "./control-channel.js";
import type { DesiredState } from "./desired-state.js";
import { type Enroller, toDesired } from "./enroller.js";
import { type Enrollment, isSameEnrollment } from "./enrollment.js";
import type { EnrollmentRows } from "./enrollment-rows.js";
import type { Limits } from "./limits.js";
import type { LoginWatch } from "./login-watch.js";
import { openConnection } from "./open-connection.js";
import { pause } from "./pulse.js";
import { ReconnectDelay } from "./reconnect-delay.js";
import { loadAccount } from "./remote-control-auth.js";
import { isRemoteControlError, RemoteControlError } from "./remote-control-error.js";
import type { RemoteControlTargets } from "./remote-control-targets.js";
import { runConnection } from "./run-connection.js";
import type { StatusBoard } from "./status-board.js";
import { report } from "./telemetry.js";

/** What the loop needs of its surroundings. */
export interface ControlLoopOptions extends ControlChannelOptions {
  readonly transport: Transport & WebSocketTransport;
  readonly installationId: string;
  readonly targets: () => RemoteControlTargets;
  readonly enroller: Enroller;
  readonly rows: EnrollmentRows;
  readonly desired: DesiredState;
  readonly board: StatusBoard;
  readonly watch: LoginWatch;
  readonly limits: Limits;
  readonly random: () => number;
  /** Resolves when it is known for which client of the host this is. */
  readonly clientName: (signal: AbortSignal) => Promise<string>;
}

/** A connection that ended so soon without a word from the backend counts as one that could not be made. */
const fruitlessMs = 1000;

/** Keeps a connection up for as long as remote control is wanted. */
export class ControlLoop {
  readonly #options: ControlLoopOptions;
  readonly #delay: ReconnectDelay;
  #channel: { readonly enrollment: Enrollment; readonly channel: ControlChannel } | undefined;
  #failures = 0;
  #lastError: RemoteControlError | undefined;

  constructor(options: ControlLoopOptions) {
    this.#options = options;
    this.#delay = new ReconnectDelay(options.limits, options.random);
  }

  /** Why the last try to connect has failed, until one succeeds. */
  get lastError(): RemoteControlError | undefined {
    return this.#lastError;
  }

  /** Runs until the signal fires. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const watching = this.#options.watch.run(signal);
    try {
      // Before it is known for whom this is, nothing is done.
      await this.#options.clientName(signal).catch(() => {});
      await this.resolvePreference(signal);
      while (!signal.aborted) {
        await this.#options.desired.untilEnabled(signal);
        if (!signal.aborted) await this.#whileWanted(signal);
      }
    } finally {
      this.#channel?.channel.endClients("disabled");
      await watching;
    }
  }

  /** Reads the stored preference, as often as it takes. Somebody who switches on or off meanwhile knows better. */
  async resolvePreference(signal: AbortSignal): Promise<void> {
    const { desired, limits } = this.#options;
    while (desired.value.kind === "unknown" && !signal.aborted) {
      try {
        const clientName = await this.#options.clientName(signal);
        await this.resolvePreferenceOnce(clientName, signal);
      } catch {
        await Promise.race([pause(limits.loginCheckMs, signal), desired.pulse.wait(signal)]);
      }
    }
  }

  /** @throws {@link RemoteControlError} when the login or the store cannot be read. */
  async resolvePreferenceOnce(clientName: string, signal: AbortSignal): Promise<void> {
    const { board, desired, enroller, rows, watch } = this.#options;
    const key = this.#canConnect() ? await loadAccount(watch, signal) : undefined;
    const row = key && (await rows.load(enroller.keyOf(key.accountId, clientName)));
    if (desired.value.kind !== "unknown") return;
    const isEnabled = row?.isEnabled === true;
    desired.set(key === undefined ? { kind: "disabled" } : toDesired(isEnabled, key.accountId));
    if (isEnabled) board.setStatus("connecting");
  }

  #canConnect(): boolean {
    try {
      this.#options.targets();
    } catch {
      return false;
    }
    return this.#options.rows.isAvailable;
  }

  /** Connects again and again, until remote control is not wanted any more. */
  async #whileWanted(signal: AbortSignal): Promise<void> {
    const { board, desired } = this.#options;
    const wanted = new AbortController();
    const stop = (): void => wanted.abort();
    signal.addEventListener("abort", stop);
    const following = (async () => {
      const { disableCount } = desired;
      while (desired.disableCount === disableCount && !wanted.signal.aborted)
        await desired.pulse.wait(wanted.signal);
      stop();
    })();
    try {
      await this.#connectAgainAndAgain(wanted.signal);
    } finally {
      stop();
      signal.removeEventListener("abort", stop);
      await following;
      this.#channel?.channel.endClients("disabled");
      if (!desired.isEnabled) board.setStatus("disabled");
    }
  }

  async #connectAgainAndAgain(signal: AbortSignal): Promise<void> {
    const { board, desired } = this.#options;
    try {
      this.#options.targets();
    } catch (error) {
      this.#lastError = toLoopError(error);
      board.setStatus("errored");
      while (!signal.aborted) await desired.pulse.wait(signal);
      return;
    }
    this.#startAnew();
    board.setStatus("connecting");
    while (!signal.aborted) {
      try {
        await this.#connectAndServe(signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.#waitAfter(toLoopError(error), signal);
      }
    }
  }

  async #connectAndServe(signal: AbortSignal): Promise<void> {
    const { board, clock, desired, enroller, limits, telemetry, watch } = this.#options;
    watch.markSeen();
    const clientName = await this.#options.clientName(signal);
    const enrollment = await enroller.forConnection({ clientName, signal });
    const channel = this.#channelOf(enrollment);
    const connection = await this.#open(enrollment, channel, { clientName, signal });
    if (signal.aborted || !desired.isEnabled) {
      connection.terminate();
      return;
    }
    const openedAt = clock();
    enroller.resetRecovery();
    this.#lastError = undefined;
    board.setStatus("connected");
    const usable = new AbortController();
    const stop = (): void => usable.abort();
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const guarding = this.#endWhenLoginChanges(enrollment, usable);
    const { error, wasUsed } = await runConnection(connection, channel, { limits, signal: usable.signal });
    const isLoginChange = usable.signal.aborted && !signal.aborted;
    stop();
    signal.removeEventListener("abort", stop);
    await guarding;
    report(() => telemetry?.onDisconnected?.({ error }));
    if (signal.aborted) return;
    board.setStatus("connecting");
    // Else a backend that takes each connection and drops it would be asked without a pause.
    const isFruitless = !wasUsed && !isLoginChange && clock() - openedAt < fruitlessMs;
    if (isFruitless) await this.#pauseBeforeNext(signal, error);
    else this.#startAnew();
  }

  async #open(
    enrollment: Enrollment,
    channel: ControlChannel,
    { clientName, signal }: { readonly clientName: string; readonly signal: AbortSignal },
  ): Promise<WebSocketConnection> {
    const { enroller, installationId, limits, transport } = this.#options;
    const { cursor } = channel;
    try {
      return await openConnection({ transport, enrollment, installationId, cursor, limits, signal });
    } catch (error) {
      if (!isRemoteControlError(error)) throw error;
      if (error.status === 401 || error.status === 403)
        throw refreshLater(enroller.clearToken(enrollment), error);
      // The refusal is what is told in any case: the next try shows whether it helped.
      if (error.code === "server_missing")
        await enroller.replaceMissing(enrollment, { clientName, signal }).catch(() => {});
      throw error;
    }
  }

  /** What was on its way to clients of one server, or of one account, never reaches those of another. */
  #channelOf(enrollment: Enrollment): ControlChannel {
    if (this.#channel !== undefined && isSameEnrollment(this.#channel.enrollment, enrollment))
      return this.#channel.channel;
    this.#channel?.channel.endClients("disabled");
    const channel = new ControlChannel(this.#options);
    this.#channel = { enrollment, channel };
    return channel;
  }

  /** The connection belongs to a login. It ends when that is gone, and stays when only its tokens are new. */
  async #endWhenLoginChanges({ accountId }: Enrollment, usable: AbortController): Promise<void> {
    const { watch } = this.#options;
    while (!usable.signal.aborted) {
      if (watch.isChanged) {
        watch.markSeen();
        if (!(await this.#isStill(accountId, usable.signal))) usable.abort();
      } else await watch.pulse.wait(usable.signal);
    }
  }

  async #isStill(accountId: string, signal: AbortSignal): Promise<boolean> {
    try {
      return (await loadAccount(this.#options.watch, signal)).accountId === accountId;
    } catch (error) {
      // A login that cannot be read at the moment is not one that is gone.
      return !(isRemoteControlError(error) && error.code === "auth_required");
    }
  }

  async #waitAfter(error: RemoteControlError, signal: AbortSignal): Promise<void> {
    const { board, limits, watch } = this.#options;
    this.#lastError = error;
    if (error.kind !== "would_block") {
      board.setStatus("errored");
      await this.#pauseBeforeNext(signal, error);
      return;
    }
    this.#reportFailure(error, limits.loginCheckMs);
    await Promise.race([pause(limits.loginCheckMs, signal), watch.pulse.wait(signal)]);
  }

  /** Another login ends the pause at once. */
  async #pauseBeforeNext(signal: AbortSignal, error: RemoteControlError | undefined): Promise<void> {
    const { watch } = this.#options;
    const delayMs = Math.max(this.#delay.next(), error?.retryAfterMs ?? 0);
    if (error !== undefined) this.#reportFailure(error, delayMs);
    const over = new AbortController();
    const stop = (): void => over.abort();
    signal.addEventListener("abort", stop);
    const pausing = pause(delayMs, over.signal).then(stop);
    while (!watch.isChanged && !over.signal.aborted && !signal.aborted)
      await watch.pulse.wait(over.signal, signal);
    if (watch.isChanged) this.#startAnew();
    stop();
    signal.removeEventListener("abort", stop);
    await pausing;
  }

  #startAnew(): void {
    this.#delay.reset();
    this.#failures = 0;
    this.#options.enroller.resetRecovery();
  }

  #reportFailure(error: RemoteControlError, delayMs: number): void {
    this.#failures += 1;
    const attempt = this.#failures;
    report(() => this.#options.telemetry?.onConnectFailed?.({ error, attempt, delayMs }));
  }
}

function refreshLater(isCurrent: boolean, error: RemoteControlError): RemoteControlError {
  const { status } = error;
  const message = isCurrent
    ? `remote control websocket auth failed with HTTP ${status}; refreshing server token before reconnect`
    : "missing remote control enrollment after websocket auth failure";
  return new RemoteControlError(message, { kind: "other", status, cause: error });
}

function toLoopError(error: unknown): RemoteControlError {
  if (isRemoteControlError(error)) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new RemoteControlError(`remote control failed (${name})`, { kind: "other", cause: error });
}
