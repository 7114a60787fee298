import type { RequestHeaders } from "@codex-ts/client";

/** What every call that is answered whole may say. */
export interface CallOptions {
  /** Sent besides the provider's headers, and instead of those of the same name. */
  readonly headers?: RequestHeaders | undefined;
  /**
   * Limit for one attempt in milliseconds, from applying the credential to the last byte. 0 and Infinity turn it off.
   *
   * @defaultValue none but those of the transport
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the call at once, with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
}
