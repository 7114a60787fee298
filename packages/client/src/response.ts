/** A complete answer with a status of 200–299. */
export interface TransportResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Decoded, if the server compressed it. */
  readonly body: Uint8Array;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /** The body as UTF-8 text; invalid bytes are replaced and a byte-order mark is dropped. */
  text(): string;
}

/** An answer with a status of 200–299 whose body is still to come. */
export interface TransportStream {
  readonly status: number;
  readonly headers: Headers;
  /**
   * The bytes as they arrive, decoded if the server compressed them. Can be read once. Nothing is read ahead of the
   * reader; leaving the loop frees the connection.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /** Frees the connection. A reader that waits for bytes sees the end. Safe to call at any time. */
  cancel(): void;
}
