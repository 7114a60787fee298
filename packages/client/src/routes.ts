import type { Dispatcher } from "undici";
import type { Connector } from "./connector.js";
import { TransportError } from "./errors.js";
import type { Lane } from "./lane.js";

/** How requests reach an origin: directly, or through a proxy. */
export type Route =
  | { readonly kind: "direct" }
  | { readonly kind: "proxy"; readonly url: string; readonly authorization?: string | undefined };

/** A connection for one request, and how the request has to be written on it. */
export interface Lease {
  readonly lane: Lane;
  /** Request target: the path, or the whole URL for a proxy. */
  readonly path: string;
  /** For those that the request does not have itself. */
  readonly headers: Iterable<readonly [name: string, value: string]>;
}

/** Where connections come from. */
export interface Routes {
  /** @throws {@link TransportError} of kind `build` when the route or the trusted roots cannot be used. */
  lease(url: URL): Lease;
  /**
   * Tells how to connect to this origin for something else than requests: the whole way, through a tunnel if there is
   * a proxy.
   *
   * @throws {@link TransportError} as {@link Routes.lease} does.
   */
  connectorTo(url: URL): Connector;
  /** Opens new connections for further requests to this origin. */
  retire(url: URL): void;
  destroy(): Promise<void>;
}

/** Sends everything through a dispatcher of the caller's, which stays the caller's to close. */
export function createDispatcherRoutes(dispatcher: Dispatcher): Routes {
  return {
    lease: (url) => ({ lane: toLane(dispatcher), path: url.pathname + url.search, headers: [] }),
    connectorTo() {
      throw new TransportError("a transport that was given a dispatcher cannot open WebSockets", {
        kind: "build",
      });
    },
    retire() {},
    async destroy() {},
  };
}

function toLane(dispatcher: Dispatcher): Lane {
  return {
    dispatch(options, handler) {
      handler.onConnecting();
      dispatcher.dispatch(options, handler);
    },
    abandon() {},
    release() {},
  };
}
