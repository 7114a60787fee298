import type { TransportError, TransportErrorCode } from "./errors.js";

/** Which failures are tried again, how often, and with what pauses. */
export interface RetryPolicy {
  /** Retries after the first attempt, so at most `maxAttempts + 1` requests are sent. */
  readonly maxAttempts: number;
  /** Pause before the first retry; it doubles with each further one, give or take a tenth. */
  readonly baseDelayMs: number;
  /** Retry a 429 that names no `Retry-After`. One that does is always waited for, see `maxRetryAfterMs`. */
  readonly on429: boolean;
  /** Retry statuses 500–599. */
  readonly on5xx: boolean;
  /** Retry kinds `network` and `timeout`. */
  readonly onTransport: boolean;
  /**
   * The longest `Retry-After` of a 429 or 503 that is waited for. A longer one ends the exchange at once with an
   * error whose `retryAfterMs` says how long.
   *
   * @defaultValue 60_000
   */
  readonly maxRetryAfterMs?: number | undefined;
}

/** Four retries of server errors and transport failures, 200 ms apart at first. What providers use. */
export const defaultRetryPolicy: RetryPolicy = Object.freeze({
  maxAttempts: 4,
  baseDelayMs: 200,
  on429: false,
  on5xx: true,
  onTransport: true,
});

/** One attempt, no retry. */
export const noRetry: RetryPolicy = Object.freeze({
  maxAttempts: 0,
  baseDelayMs: 200,
  on429: false,
  on5xx: false,
  onTransport: false,
});

/**
 * Computes the pause before a retry: `baseDelayMs × 2^(attempt − 1)`, times a factor in [0.9, 1.1), rounded down.
 * Both the power and the product saturate at 2^64 − 1, or rather at the largest number below it.
 *
 * @param attempt - 1 for the first retry. 0 gives `baseDelayMs` itself.
 * @param random - Uniform in [0, 1).
 * @returns Milliseconds.
 */
export function backoff(
  policy: { readonly baseDelayMs: number },
  attempt: number,
  random: () => number = Math.random,
): number {
  if (attempt === 0) return policy.baseDelayMs;
  const beforeJitter = Math.min(policy.baseDelayMs * Math.min(2 ** (attempt - 1), 2 ** 64), 2 ** 64);
  return Math.min(Math.floor(beforeJitter * jitter(random())), largestUnsigned64);
}

/**
 * Decides what follows an attempt that failed.
 *
 * @param attempt - 0 for the first attempt.
 * @returns The pause before the next attempt in milliseconds, or nothing when the error is final.
 */
export function retryDelay(
  policy: RetryPolicy,
  error: TransportError,
  attempt: number,
  random?: () => number,
): number | undefined {
  if (attempt >= policy.maxAttempts || isFinal(error)) return undefined;
  const waited = waitedFor.has(error.status) ? error.retryAfterMs : undefined;
  if (waited !== undefined && waited > (policy.maxRetryAfterMs ?? 60_000)) return undefined;
  if (waited !== undefined && waited > 0) return waited;
  // "Retry-After: 0" says when, but a pause still keeps a crowd of clients apart.
  if (waited !== undefined || isRetried(policy, error)) return backoff(policy, attempt + 1, random);
  return undefined;
}

const waitedFor: ReadonlySet<number | undefined> = new Set([429, 503]);

// They come out the same however often they are tried.
const finalCodes: ReadonlySet<TransportErrorCode | undefined> = new Set<TransportErrorCode | undefined>([
  "invalid_redirect",
  "invalid_url",
  "proxy_407",
  "response_too_large",
  "too_many_redirects",
  "usage_limit_reached",
]);

function isFinal({ code }: TransportError): boolean {
  return finalCodes.has(code);
}

function isRetried(policy: RetryPolicy, { kind, status }: TransportError): boolean {
  if (kind === "timeout" || kind === "network") return policy.onTransport;
  if (kind !== "http" || status === undefined) return false;
  return (policy.on429 && status === 429) || (policy.on5xx && status >= 500 && status <= 599);
}

const largestUnsigned64 = 2 ** 64 - 2048;
const belowElevenTenths = 1.0999999999999999;

function jitter(random: number): number {
  // Rounding may take 0.9 + 0.2 × random up to 1.1, which the range excludes.
  return Math.min(0.9 + 0.2 * random, belowElevenTenths);
}
