import type { TransportError } from "./errors.js";

/** One attempt, reported when it is over. */
export interface AttemptReport {
  /** 0 for the first attempt of an exchange. */
  readonly attempt: number;
  readonly method: string;
  /** Without user name, password, query and fragment. */
  readonly url: string;
  /** Status of the answer, when there was one. */
  readonly status: number | undefined;
  /** Absent when the attempt succeeded. */
  readonly error: TransportError | undefined;
  /** Applying auth and the exchange itself; for a stream up to the head. Pauses are not included. */
  readonly durationMs: number;
}

/** A retry that is about to be waited for. */
export interface RetryReport {
  /** 1 for the first retry of an exchange. */
  readonly attempt: number;
  readonly delayMs: number;
  /** What the attempt before it ended with. */
  readonly error: TransportError;
}

/** One round of recovery from a 401. */
export interface RecoveryReport {
  /** The attempt it happened in, 0 for the first. */
  readonly attempt: number;
  /** 0 for the first 401 of the exchange. */
  readonly round: number;
  /** Whether the provider wants the request sent once more. */
  readonly recovered: boolean;
}

/** One redirect that is followed. */
export interface RedirectReport {
  readonly status: number;
  /** Both without user name, password, query and fragment. */
  readonly from: string;
  readonly to: string;
  /** Whether the origin changed, so that no credential goes along. */
  readonly crossOrigin: boolean;
}

/** A compressed body that the server or a proxy refused; the request is sent once more, plain. */
export interface CompressionRefusedReport {
  /** From now on bodies for this origin go out plain. */
  readonly origin: string;
  readonly status: number;
}

/**
 * Hooks that watch exchanges. They run synchronously and must be quick; what they throw is ignored.
 * No report holds a credential, a query or a body.
 */
export interface RequestTelemetry {
  /** Called once after every attempt, also when applying auth failed and nothing was sent. */
  onRequest?(report: AttemptReport): void;
  /** Called before the pause that precedes a retry. */
  onRetry?(report: RetryReport): void;
  /** Called after each round of recovery from a 401. */
  onRecovery?(report: RecoveryReport): void;
  /** Called before a redirect is followed. */
  onRedirect?(report: RedirectReport): void;
  /** Called when a compressed request met a 400 or 415. */
  onCompressionRefused?(report: CompressionRefusedReport): void;
}

/**
 * Joins hooks so that each of them is called and none can disturb the exchange.
 *
 * @returns Nothing when there is no hook, so that no report needs to be made.
 */
export function joinTelemetry(
  first: RequestTelemetry | undefined,
  second: RequestTelemetry | undefined,
): Required<RequestTelemetry> | undefined {
  if (first === undefined && second === undefined) return undefined;
  const hooks = [first, second];
  return {
    onRequest: (report) => call(hooks, (hook) => hook.onRequest?.(report)),
    onRetry: (report) => call(hooks, (hook) => hook.onRetry?.(report)),
    onRecovery: (report) => call(hooks, (hook) => hook.onRecovery?.(report)),
    onRedirect: (report) => call(hooks, (hook) => hook.onRedirect?.(report)),
    onCompressionRefused: (report) => call(hooks, (hook) => hook.onCompressionRefused?.(report)),
  };
}

function call(
  hooks: readonly (RequestTelemetry | undefined)[],
  invoke: (hook: RequestTelemetry) => unknown,
): void {
  for (const hook of hooks) if (hook !== undefined) settle(() => invoke(hook));
}

/** An `async` hook is a mistake, but its rejection must not end the process. */
function settle(invoke: () => unknown): void {
  try {
    const result = invoke();
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // What a hook throws is its own concern.
  }
}
