import type { Dispatcher } from "undici";
import { defaultCompressionMinBytes, loadZstd } from "./compression.js";
import { TransportError } from "./errors.js";
import { runExchange } from "./exchange.js";
import type { ExchangeGuard } from "./exchange-guard.js";
import type { ExchangeSettings } from "./exchange-settings.js";
import { type HeaderFields, replaceHeaderFields, toHeaderFields } from "./header-fields.js";
import { checkInteger, checkTimeLimit } from "./number-options.js";
import type { ExchangeOptions, RequestHeaders, TransportRequest } from "./request.js";
import type { TransportResponse, TransportStream } from "./response.js";
import { createDispatcherRoutes, type Routes } from "./routes.js";
import type { RequestTelemetry } from "./telemetry.js";

/** Settings of a transport. Time limits of 0 or Infinity are off. */
export interface TransportOptions {
  /**
   * Sent with each request that does not have a header of the same name.
   */
  readonly headers?: RequestHeaders | undefined;
  /**
   * Limit for establishing a connection, TLS and proxy included.
   *
   * @defaultValue 10_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Limit from the sent request to the head of the answer.
   *
   * @defaultValue 120_000 for streams; 1_800_000 for the rest, where the head may come after long work
   */
  readonly headersTimeoutMs?: number | undefined;
  /**
   * Longest silence within a body that is read whole.
   *
   * @defaultValue 300_000
   */
  readonly bodyTimeoutMs?: number | undefined;
  /** @defaultValue 10 */
  readonly maxRedirects?: number | undefined;
  /**
   * Largest body that is read whole, after decompression.
   *
   * @defaultValue 134_217_728 (128 MiB)
   */
  readonly maxResponseBytes?: number | undefined;
  /**
   * `off` sends all bodies plain, whatever the requests ask for.
   *
   * @defaultValue "auto"
   */
  readonly compression?: "auto" | "off" | undefined;
  /**
   * Bodies with fewer bytes are not compressed.
   *
   * @defaultValue 1024
   */
  readonly compressionMinBytes?: number | undefined;
  /** Hooks for all exchanges. */
  readonly telemetry?: RequestTelemetry | undefined;
  /** Sends everything, in place of own connections. Proxy and certificates are its affair, and so is closing it. */
  readonly dispatcher?: Dispatcher | undefined;
  /**
   * Uniform in [0, 1), for the pauses between retries.
   *
   * @defaultValue Math.random
   */
  readonly random?: (() => number) | undefined;
  /**
   * Milliseconds since the epoch, for dates in `Retry-After`.
   *
   * @defaultValue Date.now
   */
  readonly clock?: (() => number) | undefined;
  /** Waits between retries, in place of a timer. */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
}

/** Sends requests. One transport serves a whole process: it pools connections and is safe to share. */
export interface Transport extends AsyncDisposable {
  /**
   * Sends one request and reads the whole answer.
   *
   * Headers are asked of `auth` again before each attempt, so a retry never repeats a signature.
   *
   * @returns The answer, if its status is 200–299.
   * @throws {@link TransportError} whose `kind` says why; `status` is set if the server answered.
   */
  execute(request: TransportRequest, options?: ExchangeOptions): Promise<TransportResponse>;
  /**
   * Sends one request and returns when the head of the answer has arrived.
   *
   * Retries and recovery happen before that; a body that fails later is the reader's to handle.
   *
   * @throws {@link TransportError} as {@link Transport.execute}.
   */
  stream(request: TransportRequest, options?: ExchangeOptions): Promise<TransportStream>;
  /** Ends all exchanges and closes all connections. Further requests are refused with kind `build`. */
  close(): Promise<void>;
}

/**
 * Creates a transport. It opens nothing and loads nothing until its first request.
 *
 * @throws TypeError when an option is not what it has to be.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #defaultHeaders: HeaderFields;
  readonly #guards = new Set<ExchangeGuard>();
  #settings: ExchangeSettings | undefined;
  #isClosed = false;

  constructor(options: TransportOptions) {
    checkOptions(options);
    this.#options = options;
    this.#defaultHeaders = toHeaderFields([["accept", "*/*"]]);
    replaceHeaderFields(this.#defaultHeaders, toHeaderFields(options.headers));
  }

  async execute(request: TransportRequest, options: ExchangeOptions = {}): Promise<TransportResponse> {
    return runExchange(this.#settings ?? (await this.#open()), request, options, "unary");
  }

  async stream(request: TransportRequest, options: ExchangeOptions = {}): Promise<TransportStream> {
    return runExchange(this.#settings ?? (await this.#open()), request, options, "stream");
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const routes = this.#settings?.routes;
    this.#settings = undefined;
    for (const guard of this.#guards) guard.end(closedError("aborted"));
    await routes?.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(): Promise<ExchangeSettings> {
    if (this.#isClosed) throw closedError("build");
    const { dispatcher } = this.#options;
    const routes = dispatcher === undefined ? await openRoutes() : createDispatcherRoutes(dispatcher);
    if (this.#isClosed) throw closedError("build");
    this.#settings ??= toSettings(this.#options, this.#defaultHeaders, routes, this.#guards);
    return this.#settings;
  }
}

async function openRoutes(): Promise<Routes> {
  const { PooledRoutes } = await import("./pooled-routes.js");
  return new PooledRoutes({ trustedRoots: () => undefined, routeTo: () => ({ kind: "direct" }) });
}

function toSettings(
  options: TransportOptions,
  defaultHeaders: HeaderFields,
  routes: Routes,
  guards: Set<ExchangeGuard>,
): ExchangeSettings {
  const { headersTimeoutMs } = options;
  return {
    routes,
    guards,
    plainOrigins: new Set(),
    defaultHeaders,
    compression:
      options.compression === "off"
        ? undefined
        : { load: loadZstd, minBytes: options.compressionMinBytes ?? defaultCompressionMinBytes },
    cookies: undefined,
    trace: undefined,
    telemetry: options.telemetry,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    headersTimeoutMs: { unary: headersTimeoutMs ?? 1_800_000, stream: headersTimeoutMs ?? 120_000 },
    bodyTimeoutMs: options.bodyTimeoutMs ?? 300_000,
    maxRedirects: options.maxRedirects ?? 10,
    maxResponseBytes: options.maxResponseBytes ?? 128 * 1024 * 1024,
    random: options.random ?? Math.random,
    clock: options.clock ?? Date.now,
    sleep: options.sleep,
  };
}

function checkOptions(options: TransportOptions): void {
  checkTimeLimit("connectTimeoutMs", options.connectTimeoutMs);
  checkTimeLimit("headersTimeoutMs", options.headersTimeoutMs);
  checkTimeLimit("bodyTimeoutMs", options.bodyTimeoutMs);
  checkInteger("maxRedirects", options.maxRedirects);
  checkInteger("maxResponseBytes", options.maxResponseBytes, 1);
  checkInteger("compressionMinBytes", options.compressionMinBytes);
  if (options.compression !== undefined && options.compression !== "auto" && options.compression !== "off") {
    throw new TypeError('"compression" must be "auto" or "off"');
  }
}

function closedError(kind: "aborted" | "build"): TransportError {
  return new TransportError("the transport is closed", { kind, code: "closed" });
}
