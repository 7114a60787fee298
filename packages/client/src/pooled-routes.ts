import { Client } from "undici";
import { ConnectionPool, type OpenClient } from "./connection-pool.js";
import type { Connector } from "./connector.js";
import { createDirectConnector, type DirectConnector } from "./direct-connector.js";
import { TransportError } from "./errors.js";
import type { Lease, Route, Routes } from "./routes.js";
import { createTunnelConnector } from "./tunnel-connector.js";

/** What connections depend on. Asked again for each request, so that changes are picked up. */
export interface RouteSettings {
  /** PEM texts to trust in place of the runtime's roots. The same array for as long as nothing changes. */
  readonly trustedRoots: () => readonly string[] | undefined;
  readonly routeTo: (url: URL) => Route;
}

type ProxyRoute = Extract<Route, { kind: "proxy" }>;

// As long as the reference keeps them. A shorter hint of the server is followed.
const idleSocketMs = 90_000;
const maxHeaderBytes = 64 * 1024;

/** Keeps one pool of connections for each origin and route. */
export class PooledRoutes implements Routes {
  readonly #settings: RouteSettings;
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #plain: DirectConnector = createDirectConnector(undefined);
  #roots: readonly string[] | undefined;
  #secure: DirectConnector | undefined;

  constructor(settings: RouteSettings) {
    this.#settings = settings;
  }

  lease(url: URL): Lease {
    const route = this.#settings.routeTo(url);
    const connector = usesTls(route, url) ? this.#secureConnector() : this.#plain;
    const key = poolKey(route, url);
    const pool = this.#pools.get(key) ?? this.#openPool(key, route, url, connector);
    const path = url.pathname + url.search;
    if (route.kind === "direct" || isTunnelled(url)) return { lane: pool.take(), path, headers: [] };
    const { authorization } = route;
    const headers = new Map([["host", url.host]]);
    if (authorization !== undefined) headers.set("proxy-authorization", authorization);
    return { lane: pool.take(), path: url.origin + path, headers };
  }

  connectorTo(url: URL): Connector {
    const route = this.#settings.routeTo(url);
    const direct = usesTls(route, url) ? this.#secureConnector() : this.#plain;
    return route.kind === "direct" ? direct : tunnelThrough(route, direct);
  }

  retire(url: URL): void {
    const key = poolKey(this.#settings.routeTo(url), url);
    this.#pools.get(key)?.retire();
    this.#pools.delete(key);
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  /** The roots are asked for only where TLS needs them, because gathering them takes a while. */
  #secureConnector(): DirectConnector {
    const roots = this.#settings.trustedRoots();
    if (this.#secure !== undefined && roots === this.#roots) return this.#secure;
    const connector = openConnector(roots);
    if (this.#secure !== undefined) this.#retireAll();
    this.#roots = roots;
    this.#secure = connector;
    return connector;
  }

  #retireAll(): void {
    for (const pool of this.#pools.values()) pool.retire();
    this.#pools.clear();
  }

  #openPool(key: string, route: Route, url: URL, direct: DirectConnector): ConnectionPool {
    const [origin, connector] = endpoint(route, url, direct);
    const pool = new ConnectionPool(clientFor(origin), connector, () => {
      if (this.#pools.get(key) === pool) this.#pools.delete(key);
    });
    this.#pools.set(key, pool);
    return pool;
  }
}

/** A proxy forwards plain requests itself, so that one connection serves all origins. */
function isTunnelled(url: URL): boolean {
  return url.protocol === "https:";
}

function usesTls(route: Route, url: URL): boolean {
  return isTunnelled(url) || (route.kind === "proxy" && route.url.startsWith("https:"));
}

function poolKey(route: Route, url: URL): string {
  if (route.kind === "direct") return url.origin;
  const proxy = `${route.url} ${route.authorization}`;
  // undici drops a TLS connection when the next request on it is for another host.
  return usesTls(route, url) ? `${proxy} ${url.origin}` : proxy;
}

/** The server that the HTTP client talks to, and how it is reached. */
function endpoint(route: Route, url: URL, direct: DirectConnector): [origin: string, connector: Connector] {
  if (route.kind === "direct") return [url.origin, direct];
  if (!isTunnelled(url)) return [route.url, direct];
  return [url.origin, tunnelThrough(route, direct)];
}

function tunnelThrough({ url, authorization }: ProxyRoute, direct: DirectConnector): Connector {
  const openProxy = (origin: string, connector: Connector) => clientFor(origin)(connector);
  return createTunnelConnector({ url: new URL(url), authorization }, direct, openProxy);
}

function clientFor(origin: string): OpenClient {
  // Parsed once for all connections of a pool.
  const url = new URL(origin);
  return (connect) =>
    new Client(url, { connect, keepAliveTimeout: idleSocketMs, maxHeaderSize: maxHeaderBytes });
}

function openConnector(roots: readonly string[] | undefined): DirectConnector {
  try {
    return createDirectConnector(roots);
  } catch (cause) {
    const message = "the trusted certificates cannot be used";
    throw new TransportError(message, { kind: "build", code: "ca", cause });
  }
}
