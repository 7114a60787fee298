import type { Environment } from "./environment.js";
import { PooledRoutes } from "./pooled-routes.js";
import { createProxyResolver } from "./proxy-environment.js";
import { toProxyRoute } from "./proxy-url.js";
import type { Routes } from "./routes.js";
import type { TransportOptions } from "./transport-options.js";
import { createTrustedRoots } from "./trusted-roots.js";

/** Opens the connections of a transport. Loaded with the first request, because it brings undici and TLS. */
export function openRoutes({ ca, proxy }: TransportOptions, env: Environment): Routes {
  return new PooledRoutes({
    trustedRoots: createTrustedRoots(env, typeof ca === "string" ? [ca] : ca),
    routeTo: proxy === undefined ? createProxyResolver(env) : fixedRoute(proxy),
  });
}

function fixedRoute(proxy: string | false): () => ReturnType<typeof toProxyRoute> {
  const route = proxy === false ? ({ kind: "direct" } as const) : toProxyRoute(proxy, '"proxy"');
  return () => route;
}
