import { TransportError } from "./errors.js";
import type { Route } from "./routes.js";

/**
 * Reads the URL of a proxy, which may lack its scheme. A user name and password in it become basic authentication.
 *
 * @param source - What to call it in errors, which never show the URL: it may hold a password.
 * @throws {@link TransportError} of kind `build`, code `invalid_proxy_config` or `unsupported_proxy_scheme`.
 */
export function toProxyRoute(value: string, source: string): Route {
  const url = parse(value);
  if (url === undefined || url.hostname === "") {
    throw new TransportError(`${source} holds no valid proxy URL`, {
      kind: "build",
      code: "invalid_proxy_config",
    });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    const message = `${source} names a proxy of another kind than http and https`;
    throw new TransportError(message, { kind: "build", code: "unsupported_proxy_scheme" });
  }
  const authorization = basicAuthorization(url);
  return { kind: "proxy", url: url.origin, ...(authorization === undefined ? {} : { authorization }) };
}

function parse(value: string): URL | undefined {
  try {
    return new URL(value.includes("://") ? value : `http://${value}`);
  } catch {
    // The error would show the URL.
    return undefined;
  }
}

function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const credentials = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

/** A password with a lone percent sign is meant as it is written. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
