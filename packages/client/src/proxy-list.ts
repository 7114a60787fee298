import { splitHostPort, targetOf } from "./host-port.js";

/** What a proxy list says about a request. */
export type ProxyListDecision =
  | { readonly decision: "proxy"; readonly url: string }
  /** `unsupported_scheme`: there are only SOCKS proxies. `unavailable`: the list names no proxy for this scheme. */
  | { readonly decision: "direct" | "unavailable" | "unsupported_scheme" };

/**
 * Reads a proxy list as PAC scripts return it and as systems store it: `PROXY host:8080; DIRECT`,
 * `http=host:8080;https=host:8443`, `host:8080`. The first entry that can be used wins.
 *
 * @param targetScheme - Scheme of the request, `http` or `https`.
 */
export function parseProxyList(list: string, targetScheme: string): ProxyListDecision {
  let hasSocks = false;
  for (const token of tokensOf(list)) {
    if (token.kind === "SOCKS") hasSocks = true;
    else if (token.kind === "DIRECT") return { decision: "direct" };
    else {
      const address = addressFor(token.value, targetScheme);
      if (address !== "") return { decision: "proxy", url: withScheme(address, token.kind) };
    }
  }
  return { decision: hasSocks ? "unsupported_scheme" : "unavailable" };
}

/**
 * Tells whether a bypass list, as Windows keeps one, exempts a URL from the proxy. Entries are separated by commas.
 * Unlike in `NO_PROXY` a plain domain does not stand for its subdomains, and `*` may stand anywhere.
 */
export function isOnBypassList(list: string, url: URL): boolean {
  const target = targetOf(url);
  return list.split(",").some((text) => {
    const entry = splitHostPort(
      text
        .trim()
        .toLowerCase()
        .replace(/^https?:\/\//, ""),
    );
    return (entry.port === undefined || entry.port === target.port) && matches(entry.host, target.host);
  });
}

interface Token {
  readonly kind: "DIRECT" | "HTTP" | "HTTPS" | "SOCKS";
  readonly value: string;
}

const kinds: ReadonlyMap<string, Token["kind"]> = new Map([
  ["PROXY", "HTTP"],
  ["HTTP", "HTTP"],
  ["HTTPS", "HTTPS"],
  ["SOCKS", "SOCKS"],
  ["SOCKS4", "SOCKS"],
  ["SOCKS5", "SOCKS"],
]);

function tokensOf(list: string): Token[] {
  return list.split(";").flatMap((segment): Token[] => {
    const words = segment.split(/\s+/).filter((word) => word !== "");
    const [keyword = "", value = ""] = words;
    const kind = kinds.get(keyword.toUpperCase());
    if (words.length === 2 && kind !== undefined) return [{ kind, value }];
    return words.map((word) => ({ kind: word.toUpperCase() === "DIRECT" ? "DIRECT" : "HTTP", value: word }));
  });
}

/** Returns nothing for an entry that is meant for another scheme. */
function addressFor(value: string, targetScheme: string): string {
  const [scheme = "", address] = value.split(/=(.*)/s);
  if (address === undefined) return value;
  return scheme.toLowerCase() === targetScheme ? address : "";
}

function withScheme(address: string, kind: Token["kind"]): string {
  if (address.includes("://")) return address;
  return `${kind === "HTTPS" ? "https" : "http"}://${address}`;
}

function matches(pattern: string, host: string): boolean {
  if (pattern.startsWith(".")) return host === pattern.slice(1) || host.endsWith(pattern);
  const literals = pattern.split("*").map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join(".*")}$`).test(host);
}
