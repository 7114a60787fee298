import type { AuthProvider } from "@codex-ts/auth-provider";
import type { RetryPolicy } from "./retry.js";
import type { RequestTelemetry } from "./telemetry.js";

/** Headers of a request: a record, pairs, or a `Headers` object. Names match in any case. */
export type RequestHeaders =
  | Readonly<Record<string, string | undefined>>
  | Iterable<readonly [string, string]>;

/**
 * What a request carries. `json` is serialized here, `encodedJson` is JSON text already and goes out as it is; both
 * get `content-type: application/json` unless the request names another. `raw` is opaque and gets none.
 */
export type RequestBody =
  | { readonly json: unknown }
  | { readonly encodedJson: string | Uint8Array }
  | { readonly raw: Uint8Array };

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
  /** Limit for establishing a connection. Overrides the transport's. */
  readonly connectTimeoutMs?: number | undefined;
  /** Limit from the sent request to the head of the answer. Overrides the transport's. */
  readonly headersTimeoutMs?: number | undefined;
}
