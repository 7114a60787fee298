import type { AuthProvider } from "@codex-ts/auth-provider";
import type { RetryPolicy } from "./retry.js";
import type { RequestTelemetry } from "./telemetry.js";

/** Headers of a request: a record, pairs, or a `Headers` object. Names match in any case. */
export type RequestHeaders =
  | Readonly<Record<string, string | undefined>>
  | Iterable<readonly [string, string]>;

/**
 * What a request carries. `json` is serialized here, `encodedJson` is JSON text already and goes out as it is; both
 * get `content-type: application/json` unless the request names another. `raw` and `stream` are opaque and get none.
 */
export type RequestBody =
  | { readonly json: unknown }
  | { readonly encodedJson: string | Uint8Array }
  | { readonly raw: Uint8Array }
  | StreamedRequestBody;

/**
 * A body that is too large to be held. It is pulled no faster than the socket takes it, and left at once when the
 * exchange ends. A credential that signs complete requests cannot see it.
 */
export interface StreamedRequestBody {
  /** Opens the source at its start. Called each time the request is sent, so that it can be tried again. */
  readonly stream: () => AsyncIterable<Uint8Array>;
  /** How many bytes the source yields, exactly. 0 sends an empty body and opens nothing. */
  readonly length: number;
  /**
   * False for a source that gives its bytes only once: when it was read, nothing sends the request again, neither a
   * retry nor a redirect nor a recovery from a 401.
   *
   * @defaultValue true
   */
  readonly isReplayable?: boolean | undefined;
}

/** One request, as often as it is sent. */
export interface TransportRequest {
  readonly method: string;
  /** Absolute `http:` or `https:` URL. */
  readonly url: string;
  /** Win over the transport's default headers, and lose to those of the credential. */
  readonly headers?: RequestHeaders | undefined;
  readonly body?: RequestBody | undefined;
  /**
   * `zstd` compresses a JSON body where that is possible and worth it.
   *
   * @defaultValue "none"
   */
  readonly compression?: "none" | "zstd" | undefined;
  /** Limit for one attempt in milliseconds, from applying auth to the last byte; of a stream, to the head. */
  readonly timeoutMs?: number | undefined;
}

/** How a request is carried out. */
export interface ExchangeOptions {
  /**
   * Whose headers the request gets, anew for each attempt.
   *
   * @defaultValue unauthenticated
   */
  readonly auth?: AuthProvider | undefined;
  /** @defaultValue noRetry */
  readonly retry?: RetryPolicy | undefined;
  /** Ends the exchange, a pause or an open body at once, with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Hooks for this exchange, called after those of the transport. */
  readonly telemetry?: RequestTelemetry | undefined;
  /**
   * False leaves out what the transport adds to each request: default headers, cookies and trace headers. For hosts
   * that are not the API's, such as the storage that a signed URL points to.
   *
   * @defaultValue true
   */
  readonly defaultHeaders?: boolean | undefined;
  /** Limit for establishing a connection. Overrides the transport's. */
  readonly connectTimeoutMs?: number | undefined;
  /** Limit from the sent request to the head of the answer. Overrides the transport's. */
  readonly headersTimeoutMs?: number | undefined;
}
