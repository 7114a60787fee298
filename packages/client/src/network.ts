import type { Environment } from "./environment.js";
import { caTexts, type NetworkOptions } from "./network-options.js";
import { PooledRoutes } from "./pooled-routes.js";
import { createProxyResolver } from "./proxy-environment.js";
import { toProxyRoute } from "./proxy-url.js";
import type { Route, Routes } from "./routes.js";
import { createTrustedRoots } from "./trusted-roots.js";

/** Creates connections of our own. Loads undici and TLS, so it is imported when it is needed. */
export function openNetwork({ proxy, ca }: NetworkOptions, env: Environment): Routes {
  return new PooledRoutes({
    trustedRoots: createTrustedRoots(env, caTexts(ca)),
    routeTo: routing(proxy, env),
  });
}

function routing(proxy: NetworkOptions["proxy"], env: Environment): (url: URL) => Route {
  if (proxy === undefined) return createProxyResolver(env);
  if (proxy === false) return () => direct;
  const proxyFor = typeof proxy === "string" ? () => proxy : proxy;
  return (url) => {
    const value = proxyFor(url);
    return value === undefined ? direct : toProxyRoute(value, 'the option "proxy"');
  };
}

const direct: Route = Object.freeze({ kind: "direct" });
