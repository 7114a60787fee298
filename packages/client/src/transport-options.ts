import type { Dispatcher } from "undici";
import type { CookieJar } from "./cookie-jar.js";
import type { ClientIdentity } from "./default-headers.js";
import type { Environment } from "./environment.js";
import { checkNetworkOptions, type NetworkOptions } from "./network-options.js";
import { checkInteger, checkTimeLimit } from "./number-options.js";
import type { RequestHeaders } from "./request.js";
import type { RequestTelemetry } from "./telemetry.js";
import type { TraceSource } from "./trace.js";

/** Settings of a transport. Time limits are milliseconds; 0 and Infinity switch them off. */
export interface TransportOptions extends NetworkOptions {
  /**
   * Environment variables that choose proxy, certificates and originator. Read again for each request, so changes
   * count.
   *
   * @defaultValue process.env, which nothing else here reads
   */
  readonly env?: Environment | undefined;
  /** How requests introduce themselves, in `originator` and `user-agent`. False leaves these headers out. */
  readonly identity?: ClientIdentity | false | undefined;
  /** Sent with each request that does not have a header of the same name. Win over those of the identity. */
  readonly headers?: RequestHeaders | undefined;
  /**
   * Keeps the cookies by which Cloudflare recognizes a client of ChatGPT; it is offered no others. False keeps none.
   *
   * @defaultValue one jar for the process
   */
  readonly cookies?: CookieJar | false | undefined;
  /** Tells the trace that requests belong to. */
  readonly trace?: TraceSource | undefined;
  /**
   * Limit for establishing a connection, with proxy and TLS.
   *
   * @defaultValue 10_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Limit from the sent request to the head of the answer.
   *
   * @defaultValue 120_000 for streams; 1_800_000 for all others, where long work may come before the head
   */
  readonly headersTimeoutMs?: number | undefined;
  /**
   * Longest silence within a body that is read whole. Measured coarsely, to about a second.
   *
   * @defaultValue 300_000
   */
  readonly bodyTimeoutMs?: number | undefined;
  /** @defaultValue 10 */
  readonly maxRedirects?: number | undefined;
  /**
   * Largest body that is read whole, counted after decompression.
   *
   * @defaultValue 134_217_728 (128 MiB)
   */
  readonly maxResponseBytes?: number | undefined;
  /**
   * `off` sends all bodies plain, whatever requests ask for.
   *
   * @defaultValue "auto"
   */
  readonly compression?: "auto" | "off" | undefined;
  /**
   * Bodies with fewer bytes are sent plain.
   *
   * @defaultValue 1024
   */
  readonly compressionMinBytes?: number | undefined;
  /** Hooks for all exchanges. */
  readonly telemetry?: RequestTelemetry | undefined;
  /**
   * Sends everything, in place of connections of the transport's own. Proxy and certificates are its affair then, and
   * closing it is the caller's.
   */
  readonly dispatcher?: Dispatcher | undefined;
  /**
   * Uniform in [0, 1), for the pauses between retries.
   *
   * @defaultValue Math.random
   */
  readonly random?: (() => number) | undefined;
  /**
   * Milliseconds since the epoch, to which dates in `Retry-After` are compared.
   *
   * @defaultValue Date.now
   */
  readonly clock?: (() => number) | undefined;
  /** Waits between attempts, in place of a timer. */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
}

/** @throws TypeError which names the option and the expectation. */
export function checkTransportOptions(options: TransportOptions): void {
  checkTimeLimit("connectTimeoutMs", options.connectTimeoutMs);
  checkTimeLimit("headersTimeoutMs", options.headersTimeoutMs);
  checkTimeLimit("bodyTimeoutMs", options.bodyTimeoutMs);
  checkInteger("maxRedirects", options.maxRedirects);
  checkInteger("maxResponseBytes", options.maxResponseBytes, 1);
  checkInteger("compressionMinBytes", options.compressionMinBytes);
  checkNetworkOptions(options);
  const { compression = "auto" } = options;
  if (compression !== "auto" && compression !== "off")
    throw new TypeError('"compression" must be "auto" or "off"');
}
