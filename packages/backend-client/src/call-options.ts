/** What every call may say. */
export interface CallOptions {
  /**
   * Limit for the whole call in milliseconds: reading the login, all attempts, the pauses between them, and a recovery
   * from a 401. 0 and Infinity turn it off.
   *
   * @defaultValue none but those of the transport
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the call at once, with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks a time limit; 0 and Infinity are none.
 *
 * @throws TypeError
 */
export function checkTimeoutMs(timeoutMs: number | undefined): void {
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0))
    throw new TypeError('"timeoutMs" must be a non-negative number of milliseconds');
}
