import type { Environment } from "./environment.js";
import { isExempt } from "./no-proxy.js";
import { toProxyRoute } from "./proxy-url.js";
import type { Route } from "./routes.js";

/**
 * Creates a function that tells how to reach a URL by what the environment says: `HTTPS_PROXY` or `HTTP_PROXY` by the
 * URL's scheme, else `ALL_PROXY`, except for hosts of `NO_PROXY` ({@link isExempt}). Each is also read in lower case.
 *
 * Under macOS' sandbox, where `CODEX_SANDBOX` is `seatbelt`, there is no proxy.
 *
 * @throws The function throws {@link TransportError} of kind `build`, code `invalid_proxy_config` or
 * `unsupported_proxy_scheme`, when the variable that counts holds no usable URL. The message names the variable.
 */
export function createProxyResolver(env: Environment): (url: URL) => Route {
  return (url) => {
    // The proxy is looked for first, because this is asked for each request and most have none.
    const variable = selectedVariable(env, url);
    if (variable === undefined || env["CODEX_SANDBOX"] === "seatbelt") return direct;
    if (isExempt(proxyVariable(env, "NO_PROXY") ?? "", url)) return direct;
    return toProxyRoute(proxyVariable(env, variable) ?? "", variable);
  };
}

const direct: Route = Object.freeze({ kind: "direct" });

/** The proxy variables, by their upper-case names. */
type ProxyVariable = "ALL_PROXY" | "HTTP_PROXY" | "HTTPS_PROXY" | "NO_PROXY";

const lowerCaseNames = {
  ALL_PROXY: "all_proxy",
  HTTP_PROXY: "http_proxy",
  HTTPS_PROXY: "https_proxy",
  NO_PROXY: "no_proxy",
} as const;

function selectedVariable(env: Environment, { protocol }: URL): ProxyVariable | undefined {
  if (protocol === "https:" && proxyVariable(env, "HTTPS_PROXY") !== undefined) return "HTTPS_PROXY";
  if (protocol === "http:" && proxyVariable(env, "HTTP_PROXY") !== undefined) return "HTTP_PROXY";
  return proxyVariable(env, "ALL_PROXY") === undefined ? undefined : "ALL_PROXY";
}

/**
 * Looks up a proxy variable: the upper-case form, and only if that is not set the lower-case form. So an empty
 * upper-case form switches the lower-case one off.
 *
 * Under CGI, where `REQUEST_METHOD` is set, `HTTP_PROXY` may be a header of the request, so only `http_proxy` counts.
 */
function proxyVariable(env: Environment, name: ProxyVariable): string | undefined {
  const upperCase = env[name];
  const isForged = upperCase !== undefined && name === "HTTP_PROXY" && env["REQUEST_METHOD"] !== undefined;
  const value = (isForged ? undefined : upperCase) ?? env[lowerCaseNames[name]];
  return value === "" ? undefined : value;
}
