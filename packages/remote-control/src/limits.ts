/**
 * Limits of remote control. Buffers are bounded by them; those in milliseconds are the reference's own by default.
 */
export interface RemoteControlLimits {
  /**
   * While so many envelopes are not acknowledged, nothing new is sent. Parts of one message may exceed it.
   *
   * @defaultValue 128
   */
  readonly unacknowledgedEnvelopes?: number | undefined;
  /**
   * So many messages wait for the reader of a client. Beyond it the backend is not read any more.
   *
   * @defaultValue 128
   */
  readonly unreadMessages?: number | undefined;
  /**
   * The same in bytes of JSON. A message that nobody else waits before is always let in.
   *
   * @defaultValue 8_388_608 (8 MiB)
   */
  readonly unreadBytes?: number | undefined;
  /**
   * So much more is read for a client whose reader is slow while somebody waits to send: acknowledgements come the same
   * way as messages, and a reader that answers each message would otherwise wait for itself.
   *
   * @defaultValue 67_108_864 (64 MiB)
   */
  readonly readAheadBytes?: number | undefined;
  /**
   * So many clients wait to be taken by the host.
   *
   * @defaultValue 128
   */
  readonly waitingClients?: number | undefined;
  /**
   * All parts of unfinished messages together, in bytes. Beyond it the oldest message is given up.
   *
   * @defaultValue 268_435_456 (256 MiB)
   */
  readonly unfinishedBytes?: number | undefined;
  /**
   * A message or a client that is not taken in for so long makes the connection start anew. 0 and Infinity: never.
   *
   * @defaultValue 5000
   */
  readonly handOverTimeoutMs?: number | undefined;
  /**
   * A client that has shown no life for so long is closed.
   *
   * @defaultValue 600_000
   */
  readonly clientIdleTimeoutMs?: number | undefined;
  /**
   * How often clients are looked at for that.
   *
   * @defaultValue 30_000
   */
  readonly clientSweepMs?: number | undefined;
  /** @defaultValue 10_000 */
  readonly pingIntervalMs?: number | undefined;
  /** @defaultValue 60_000 */
  readonly pongTimeoutMs?: number | undefined;
  /**
   * For opening the WebSocket.
   *
   * @defaultValue 30_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * For each request to the backend.
   *
   * @defaultValue 30_000
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * The first pause before connecting again; it doubles from the second on, up to `maxReconnectDelayMs`.
   *
   * @defaultValue 200
   */
  readonly reconnectDelayMs?: number | undefined;
  /** @defaultValue 30_000 */
  readonly maxReconnectDelayMs?: number | undefined;
  /**
   * How often a login that cannot be used yet is looked at, and one that is used for whether it is still the same.
   *
   * @defaultValue 1000
   */
  readonly loginCheckMs?: number | undefined;
}

/** {@link RemoteControlLimits} with their defaults. */
export type Limits = { readonly [Name in keyof RemoteControlLimits]-?: number };

/** @throws TypeError which names the limit and the expectation. */
export function toLimits(given: RemoteControlLimits = {}): Limits {
  const limits: Record<string, number> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) throw new TypeError(`"limits.${name}" is not known`);
    if (value !== undefined) limits[name] = checked(name, value);
  }
  return limits as Limits;
}

const defaults: Limits = {
  unacknowledgedEnvelopes: 128,
  unreadMessages: 128,
  unreadBytes: 8 * 1024 * 1024,
  readAheadBytes: 64 * 1024 * 1024,
  waitingClients: 128,
  unfinishedBytes: 256 * 1024 * 1024,
  handOverTimeoutMs: 5000,
  clientIdleTimeoutMs: 600_000,
  clientSweepMs: 30_000,
  pingIntervalMs: 10_000,
  pongTimeoutMs: 60_000,
  connectTimeoutMs: 30_000,
  requestTimeoutMs: 30_000,
  reconnectDelayMs: 200,
  maxReconnectDelayMs: 30_000,
  loginCheckMs: 1000,
};

const switchedOffByZero: ReadonlySet<string> = new Set(["handOverTimeoutMs", "readAheadBytes"]);

function checked(name: string, value: unknown): number {
  const least = switchedOffByZero.has(name) ? 0 : 1;
  const isCount = Number.isSafeInteger(value) && (value as number) >= least;
  const isUnlimited = name === "handOverTimeoutMs" && value === Number.POSITIVE_INFINITY;
  if (isCount || isUnlimited) return value as number;
  throw new TypeError(`"limits.${name}" must be a ${least === 0 ? "non-negative" : "positive"} integer`);
}
