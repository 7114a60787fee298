/** A cookie as it is kept. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** True without a `Domain` attribute: then subdomains do not get it. */
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly isSecure: boolean;
  /** Milliseconds since the epoch; infinite for a cookie of the session. */
  readonly expiresAt: number;
}

/**
 * Reads a `Set-Cookie` header (RFC 6265, 5.2 and 5.3).
 *
 * @returns Nothing when the header is not to be heeded: it has no name or a strange character, it is huge, or it is
 * for a domain that the URL does not belong to.
 */
export function parseSetCookie(header: string, url: URL, now: number): Cookie | undefined {
  if (header.length > maxHeaderLength || !/^[\t\x20-\x7e]*$/.test(header)) return undefined;
  const [pair = "", ...attributes] = header.split(";");
  const { name, value } = splitPair(pair);
  const attribute = new Map(
    attributes.map((text) => {
      const { name: key, value: content } = splitPair(text.includes("=") ? text : `${text}=`);
      return [key.toLowerCase(), content] as const;
    }),
  );
  const domain = (attribute.get("domain") ?? "").replace(/^\./, "").toLowerCase();
  if (name === "" || (domain !== "" && !canSetFor(url.hostname, domain))) return undefined;
  return {
    name,
    value,
    domain: domain || url.hostname,
    isHostOnly: domain === "",
    path: attribute.get("path")?.startsWith("/") ? (attribute.get("path") ?? "/") : defaultPath(url.pathname),
    isSecure: attribute.has("secure"),
    expiresAt: expiry(attribute.get("max-age"), attribute.get("expires"), now),
  };
}

/** Tells whether a cookie goes along with a request (RFC 6265, 5.4). */
export function isSentTo(cookie: Cookie, url: URL): boolean {
  const isHost = cookie.isHostOnly ? url.hostname === cookie.domain : isWithin(url.hostname, cookie.domain);
  return isHost && isBelow(url.pathname, cookie.path) && (!cookie.isSecure || url.protocol === "https:");
}

// The limit of browsers for name, value and attributes together is of this size.
const maxHeaderLength = 8192;

/** Without an equals sign there is no name. */
function splitPair(text: string): { readonly name: string; readonly value: string } {
  const equals = text.indexOf("=");
  return { name: text.slice(0, Math.max(equals, 0)).trim(), value: text.slice(equals + 1).trim() };
}

/** A top-level domain is nobody's, so nobody may set cookies for it. */
function canSetFor(host: string, domain: string): boolean {
  return host === domain || (domain.includes(".") && isWithin(host, domain));
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !isAddress(host));
}

function isAddress(host: string): boolean {
  return host.startsWith("[") || /^[\d.]+$/.test(host);
}

function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}

function defaultPath(pathname: string): string {
  return pathname.slice(0, pathname.lastIndexOf("/")) || "/";
}

function expiry(maxAge: string | undefined, expires: string | undefined, now: number): number {
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000;
  const date = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(date) ? Number.POSITIVE_INFINITY : date;
}
