import type { AuthProvider, AuthSource } from "@codex-ts/auth-provider";
import type { RequestHeaders, RequestTelemetry, RetryPolicy, Transport } from "@codex-ts/client";
import type { PathStyle } from "./base-url.js";

/** What a client of the backend is made from. */
export interface BackendClientOptions {
  /** Carries the requests. Not closed by the client; one serves a whole process. */
  readonly transport: Transport;
  /** Such as `https://chatgpt.com/backend-api`. */
  readonly baseUrl: string;
  /**
   * Whose headers each request gets, anew for each attempt. A source is asked before each attempt as well: unless its
   * login uses the Codex backend, nothing is sent. A provider is not asked for anything but its headers.
   */
  readonly auth: AuthProvider | AuthSource;
  /** @defaultValue follows from the base URL */
  readonly pathStyle?: PathStyle | undefined;
  /** Sent with each request, in place of the transport's of the same name; the credential's replace both. */
  readonly headers?: RequestHeaders | undefined;
  /**
   * How reads, and calls that carry an id of their own, are tried again. A call that must not happen twice is repeated
   * only when a 429 or 503 names a `Retry-After`.
   *
   * @defaultValue the same: up to four times after a `Retry-After` of at most a minute
   */
  readonly retry?: RetryPolicy | undefined;
  /**
   * Exact origins that credentials may go to besides ChatGPT's own over HTTPS and this machine, such as
   * `https://relay.example.com`. To one with `http:` they go in clear.
   *
   * @defaultValue []
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly telemetry?: RequestTelemetry | undefined;
}
