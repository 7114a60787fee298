import type { RemoteControlState, RemoteControlStatus } from "@codex-ts/protocol";
import { Pulse } from "./pulse.js";
import { abortedError } from "./remote-control-error.js";
import { type RemoteControlTelemetry, report } from "./telemetry.js";

/** The status, and who wants to know when it changes. */
export class StatusBoard {
  readonly #pulse = new Pulse();
  readonly #telemetry: RemoteControlTelemetry | undefined;
  #value: RemoteControlStatus;
  #isClosed = false;

  constructor(value: RemoteControlStatus, telemetry: RemoteControlTelemetry | undefined) {
    this.#value = Object.freeze(value);
    this.#telemetry = telemetry;
  }

  get value(): RemoteControlStatus {
    return this.#value;
  }

  /** Without effect for the status that it is already. */
  setStatus(status: RemoteControlState): void {
    const environmentId = status === "disabled" ? null : this.#value.environmentId;
    this.#set({ ...this.#value, status, environmentId });
  }

  /** Without effect while remote control is disabled. */
  setEnvironmentId(environmentId: string | null): void {
    if (this.#value.status !== "disabled") this.#set({ ...this.#value, environmentId });
  }

  /** Ends all readers, after the last status. */
  close(): void {
    this.#isClosed = true;
    this.#pulse.notify();
  }

  /** Yields the status of this moment and then each new one. A slow reader misses some, and never the last. */
  read(signal: AbortSignal | undefined): AsyncIterableIterator<RemoteControlStatus, undefined> {
    const left = new AbortController();
    let last: RemoteControlStatus | undefined;
    const next = async (): Promise<IteratorResult<RemoteControlStatus, undefined>> => {
      for (;;) {
        if (left.signal.aborted) return done;
        if (signal?.aborted) throw abortedError(signal);
        if (last !== this.#value) {
          last = this.#value;
          return { done: false, value: last };
        }
        if (this.#isClosed) return done;
        await this.#pulse.wait(signal, left.signal);
      }
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next,
      async return() {
        left.abort();
        return done;
      },
    };
  }

  #set(value: RemoteControlStatus): void {
    const { status, environmentId } = this.#value;
    if (value.status === status && value.environmentId === environmentId) return;
    this.#value = Object.freeze(value);
    report(() => this.#telemetry?.onStatus?.(value));
    this.#pulse.notify();
  }
}

const done: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
