import { LoginError } from "../login-error.js";

/** A timer that is set for longer fires at once. */
export const longestTimerMs: number = 2 ** 31 - 1;

/** What may end a sign-in from outside. */
export interface SignInEndOptions {
  readonly signal: AbortSignal | undefined;
  /** How long the sign-in may take, in milliseconds. Left out or infinite: no limit of its own. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Ends a sign-in before its time: when its caller aborts, when nobody completes it, or when it says so itself. The
 * signal's reason is the {@link LoginError} to throw then.
 */
export class SignInEnd implements Disposable {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor({ signal, timeoutMs = Number.POSITIVE_INFINITY }: SignInEndOptions) {
    this.#callerSignal = signal;
    if (signal?.aborted) this.#onAbort();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeoutMs <= longestTimerMs) this.#timer = setTimeout(this.#onTimeout, timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the sign-in. What came first counts. */
  end(error: LoginError): void {
    this.#controller.abort(error);
  }

  /** Gives the error to throw: the reason of the end, if that is what made the sign-in fail. */
  reasonFor(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : error;
  }

  /** Leaves no timer and no listener behind. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => this.end(notCompleted(this.#callerSignal?.reason));

  readonly #onTimeout = (): void => {
    this.end(new LoginError("Login timed out; start it again", { kind: "login_timeout" }));
  };
}

/** The error of a sign-in that was given up. */
export function notCompleted(cause: unknown): LoginError {
  return new LoginError("Login was not completed", { kind: "aborted", cause });
}
