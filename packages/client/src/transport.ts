import { sharedCookies, toCloudflareCookies } from "./cloudflare-cookies.js";
import { defaultCompressionMinBytes, loadZstd } from "./compression.js";
import { defaultHeaders } from "./default-headers.js";
import { type Environment, processEnvironment } from "./environment.js";
import { TransportError } from "./errors.js";
import { runExchange } from "./exchange.js";
import type { ExchangeGuard } from "./exchange-guard.js";
import type { ExchangeSettings } from "./exchange-settings.js";
import { type HeaderFields, toHeaderFields } from "./header-fields.js";
import { defaultPhaseLimits } from "./phase-limits.js";
import type { ExchangeOptions, TransportRequest } from "./request.js";
import type { TransportResponse, TransportStream } from "./response.js";
import { createDispatcherRoutes, type Routes } from "./routes.js";
import { traceHeaders } from "./trace.js";
import { checkTransportOptions, type TransportOptions } from "./transport-options.js";
import type { WebSocketConnection, WebSocketTransport } from "./websocket.js";
import type { WebSocketOptions, WebSocketRequest } from "./websocket-options.js";

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
 * Creates a transport. It connects to nothing and loads nothing that is heavy until its first request.
 *
 * @throws TypeError or {@link TransportError} of kind `build` when an option is not what it has to be.
 */
export function createTransport(options: TransportOptions = {}): Transport & WebSocketTransport {
  checkTransportOptions(options);
  return new NetworkTransport(options);
}

type StandingSettings = Omit<ExchangeSettings, "routes">;

class NetworkTransport implements Transport, WebSocketTransport {
  readonly #guards = new Set<ExchangeGuard>();
  readonly #standing: StandingSettings;
  readonly #connect: () => Promise<Routes>;
  #settings: ExchangeSettings | undefined;
  #isClosed = false;

  constructor(options: TransportOptions) {
    const { dispatcher, env = processEnvironment() } = options;
    this.#standing = standingSettings(options, env, this.#guards);
    this.#connect = async () => {
      if (dispatcher !== undefined) return createDispatcherRoutes(dispatcher);
      const { openNetwork } = await import("./network.js");
      return openNetwork(options, env);
    };
  }

  execute(request: TransportRequest, options: ExchangeOptions = {}): Promise<TransportResponse> {
    if (this.#settings !== undefined) return runExchange(this.#settings, request, options, "unary");
    return this.#open().then((settings) => runExchange(settings, request, options, "unary"));
  }

  stream(request: TransportRequest, options: ExchangeOptions = {}): Promise<TransportStream> {
    if (this.#settings !== undefined) return runExchange(this.#settings, request, options, "stream");
    return this.#open().then((settings) => runExchange(settings, request, options, "stream"));
  }

  async connectWebSocket(
    request: WebSocketRequest,
    options: WebSocketOptions = {},
  ): Promise<WebSocketConnection> {
    const [settings, { openWebSocket }] = await Promise.all([
      this.#settings ?? this.#open(),
      import("./open-websocket.js"),
    ]);
    return openWebSocket(settings, request, options);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const routes = this.#settings?.routes;
    this.#settings = undefined;
    for (const guard of [...this.#guards]) guard.end(closedError("aborted"));
    await routes?.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(): Promise<ExchangeSettings> {
    const routes = this.#isClosed ? undefined : await this.#connect();
    if (routes === undefined || this.#isClosed) throw closedError("build");
    this.#settings ??= { ...this.#standing, routes };
    return this.#settings;
  }
}

function standingSettings(
  options: TransportOptions,
  env: Environment,
  guards: Set<ExchangeGuard>,
): StandingSettings {
  const { connectTimeoutMs = 10_000, headersTimeoutMs, cookies = sharedCookies, trace } = options;
  return {
    guards,
    plainOrigins: new Set(),
    defaultHeaders: mergedDefaults(options, env),
    compression:
      options.compression === "off"
        ? undefined
        : {
            load: loadZstd,
            minBytes: options.compressionMinBytes ?? defaultCompressionMinBytes,
          },
    cookies: cookies === false ? undefined : toCloudflareCookies(cookies),
    trace: trace === undefined ? undefined : () => traceHeaders(trace),
    telemetry: options.telemetry,
    limits: {
      unary: defaultPhaseLimits(connectTimeoutMs, headersTimeoutMs ?? 1_800_000),
      stream: defaultPhaseLimits(connectTimeoutMs, headersTimeoutMs ?? 120_000),
    },
    bodyTimeoutMs: finite(options.bodyTimeoutMs ?? 300_000),
    maxRedirects: options.maxRedirects ?? 10,
    maxResponseBytes: options.maxResponseBytes ?? 128 * 1024 * 1024,
    random: options.random ?? Math.random,
    clock: options.clock ?? Date.now,
    sleep: options.sleep,
  };
}

function mergedDefaults({ identity, headers }: TransportOptions, env: Environment): HeaderFields {
  const introduction = identity === false ? {} : defaultHeaders(identity, env);
  const fields = toHeaderFields({ accept: "*/*", ...introduction });
  for (const [name, value] of toHeaderFields(headers)) fields.set(name, value);
  return fields;
}

/** undici knows no Infinity. */
function finite(milliseconds: number): number {
  return Number.isFinite(milliseconds) ? milliseconds : 0;
}

function closedError(kind: "aborted" | "build"): TransportError {
  return new TransportError("the transport is closed", { kind, code: "closed" });
}
