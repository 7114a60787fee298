import type { Socket } from "node:net";
import type { Client } from "undici";
import type { AbandonConnecting, Connector } from "./connector.js";
import { type DirectConnector, defaultPort } from "./direct-connector.js";
import { ProxyError } from "./network-error.js";

/** The proxy that a tunnel goes through. */
export interface TunnelProxy {
  readonly url: URL;
  /** Value of `proxy-authorization`. */
  readonly authorization?: string | undefined;
}

/**
 * Creates a connector that asks a proxy for a tunnel to the target (RFC 9110 §9.3.6), and speaks TLS through it if the
 * target wants that.
 *
 * @param openProxy - Makes an HTTP client for the proxy that establishes its connection with the given connector.
 */
export function createTunnelConnector(
  proxy: TunnelProxy,
  direct: DirectConnector,
  openProxy: (origin: string, connector: Connector) => Client,
): Connector {
  const shown = `${proxy.url.protocol}//${proxy.url.host}`;
  return (target, connected) => {
    let abandonStep: AbandonConnecting | undefined;
    const client = openProxy(proxy.url.origin, (...step) => {
      abandonStep = direct(...step);
      return abandonStep;
    });
    const authority = `${bracketed(target.hostname)}:${target.port || defaultPort(target.protocol)}`;
    const authorization =
      proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization };
    client.connect({ path: authority, headers: { host: authority, ...authorization } }, (error, answer) => {
      if (error !== null) {
        connected(
          new ProxyError(`the proxy ${shown} cannot be reached: ${error.message}`, "proxy", error),
          null,
        );
      } else if (answer.statusCode < 200 || answer.statusCode > 299) {
        answer.socket.on("error", () => {}).destroy();
        connected(refusal(shown, answer.statusCode), null);
      } else if (target.protocol === "https:") {
        abandonStep = direct(target, connected, answer.socket);
      } else {
        // Typed as any duplex, but it is what the direct connector has made.
        connected(null, answer.socket as Socket);
      }
    });
    return (reason) => abandonStep?.(reason);
  };
}

function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

function refusal(shownProxy: string, status: number): ProxyError {
  if (status !== 407) return new ProxyError(`the proxy ${shownProxy} answered ${status} to CONNECT`, "proxy");
  return new ProxyError(
    `the proxy ${shownProxy} does not accept the user name and password, or wants one`,
    "proxy_407",
  );
}
