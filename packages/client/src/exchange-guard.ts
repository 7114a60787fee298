import { TransportError, type TransportErrorCode } from "./errors.js";
import { describeTarget, type RequestTarget } from "./request-target.js";

/** A time limit of one phase of an exchange. */
export interface PhaseLimit {
  readonly code: TransportErrorCode;
  /** The option that sets it. */
  readonly option: string;
  /** Completes "elapsed before …". */
  readonly event: string;
  /** 0 and Infinity mean no limit. */
  readonly milliseconds: number;
}

/** Waits for something that an exchange may have to do without. */
export interface Waiter {
  /** The wait is over: the exchange ended, or a limit elapsed. */
  giveUp(error: TransportError): void;
}

/** The longest delay that a timer takes; beyond it, it would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * Ends what an exchange is waiting for: when the caller's signal fires, when the transport is closed, or when the
 * time limit of the phase or of the whole attempt elapses.
 *
 * One listener and at most one timer serve a whole exchange, however many attempts and phases it has.
 */
export class ExchangeGuard {
  readonly #target: RequestTarget;
  readonly #signal: AbortSignal | undefined;
  readonly #registry: Set<ExchangeGuard>;
  readonly #onAbort: (() => void) | undefined;
  #verdict: TransportError | undefined;
  #waiter: Waiter | undefined;
  #timer: NodeJS.Timeout | undefined;
  #attemptLimit: PhaseLimit | undefined;
  #deadline = 0;

  /** @param registry - Holds the guard until it is disposed of. */
  constructor(target: RequestTarget, signal: AbortSignal | undefined, registry: Set<ExchangeGuard>) {
    this.#target = target;
    this.#signal = signal;
    this.#registry = registry;
    registry.add(this);
    if (signal === undefined) return;
    this.#onAbort = () => this.end(this.#abortError(signal));
    if (signal.aborted) this.#verdict = this.#abortError(signal);
    else signal.addEventListener("abort", this.#onAbort);
  }

  /** @throws {@link TransportError} when the exchange was ended from outside. */
  check(): void {
    if (this.#verdict !== undefined) throw this.#verdict;
  }

  /** Starts the clock of an attempt. Nothing limits it without a limit. */
  startAttempt(limit: PhaseLimit | undefined): void {
    if (limit === undefined || !isLimit(limit.milliseconds)) return;
    this.#attemptLimit = limit;
    this.#deadline = performance.now() + limit.milliseconds;
  }

  /** Stops the clock of the attempt. */
  endAttempt(): void {
    this.unwatch();
    this.#attemptLimit = undefined;
  }

  /** Starts a phase: the waiter is told when it has to end. Replaces the phase before it. */
  watch(limit: PhaseLimit | undefined, waiter: Waiter): void {
    this.unwatch();
    if (this.#verdict !== undefined) {
      waiter.giveUp(this.#verdict);
      return;
    }
    this.#waiter = waiter;
    const remaining = this.#attemptLimit === undefined ? Number.POSITIVE_INFINITY : this.#remaining();
    const milliseconds = limit !== undefined && isLimit(limit.milliseconds) ? limit.milliseconds : remaining;
    const [first, delay] =
      remaining <= milliseconds ? [this.#attemptLimit, remaining] : [limit, milliseconds];
    if (first !== undefined) this.#startTimer(delay, () => this.#giveUp(this.#timeoutError(first)));
  }

  /** Ends the phase; its waiter is not told. */
  unwatch(): void {
    this.#waiter = undefined;
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Waits for a promise, but no longer than the exchange may go on. What becomes of the promise later is ignored. */
  async race<T>(promise: Promise<T>): Promise<T> {
    try {
      return await new Promise<T>((resolve, reject) => {
        promise.then(resolve, reject);
        this.watch(undefined, { giveUp: reject });
      });
    } finally {
      this.unwatch();
    }
  }

  /** Waits between attempts. */
  async sleep(milliseconds: number): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.watch(undefined, { giveUp: reject });
        this.#startTimer(milliseconds, resolve);
      });
    } finally {
      this.unwatch();
    }
  }

  /** Ends the exchange from outside, for good. */
  end(error: TransportError): void {
    this.#verdict ??= error;
    this.#giveUp(this.#verdict);
  }

  /** Lets go of signal, timer and registry. */
  dispose(): void {
    this.endAttempt();
    this.#registry.delete(this);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  #giveUp(error: TransportError): void {
    const waiter = this.#waiter;
    this.unwatch();
    waiter?.giveUp(error);
  }

  #startTimer(milliseconds: number, callback: () => void): void {
    this.#timer = setTimeout(callback, Math.min(milliseconds, longestDelayMs));
  }

  #remaining(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  #abortError({ reason }: AbortSignal): TransportError {
    return new TransportError(`${describeTarget(this.#target)} was aborted`, {
      kind: "aborted",
      cause: reason,
    });
  }

  #timeoutError({ code, option, event, milliseconds }: PhaseLimit): TransportError {
    return new TransportError(
      `${describeTarget(this.#target)} timed out: "${option}" of ${milliseconds} ms elapsed before ${event}`,
      { kind: "timeout", code },
    );
  }
}

function isLimit(milliseconds: number): boolean {
  return milliseconds > 0 && milliseconds !== Number.POSITIVE_INFINITY;
}
