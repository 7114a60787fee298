/** Why requests go over HTTP although the provider can do WebSockets. */
export type FallbackReason =
  /** The server answered 426: it speaks HTTP only. */
  | "upgrade_required"
  /** The server has no WebSocket at this place: 404, 405 or 501. */
  | "not_supported"
  /** The server closed with code 1009: what was sent is too large for it. */
  | "message_too_big"
  /** The server closed with code 1008. */
  | "policy"
  /** All tries over WebSockets failed. */
  | "retries_exhausted";

/**
 * Decides between WebSocket and HTTP.
 *
 * What the server says of itself holds for the session. Tries that failed mean the network, and hold for the turn: the
 * next one tries a WebSocket again, but once only. After three such turns in a row it is no passing trouble.
 */
export class TransportChoice {
  #isSupported: boolean;
  #failedTurns = 0;

  constructor(isSupported: boolean) {
    this.#isSupported = isSupported;
  }

  /** Whether a turn begins with a WebSocket. */
  get isWebSocketEnabled(): boolean {
    return this.#isSupported && this.#failedTurns < turnsBeforeGivingUp;
  }

  /** How many retries over WebSockets a turn has, of those that it may have. */
  webSocketRetries(maxRetries: number): number {
    return this.#failedTurns === 0 ? maxRetries : 0;
  }

  /** @returns Whether it holds for the session. */
  fallBack(reason: FallbackReason): boolean {
    if (reason === "retries_exhausted") this.#failedTurns += 1;
    else this.#isSupported = false;
    return !this.isWebSocketEnabled;
  }

  /** A response came over a WebSocket. */
  noteSuccess(): void {
    this.#failedTurns = 0;
  }
}

const turnsBeforeGivingUp = 3;
