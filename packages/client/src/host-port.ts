/** A host, or a pattern of hosts, and the port if one is given. */
export interface HostPort {
  readonly host: string;
  readonly port: string | undefined;
}

/** Splits `host`, `host:8080`, `[::1]` and `[::1]:8080`. An IPv6 address without brackets has no port. */
export function splitHostPort(text: string): HostPort {
  const parts = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:]*))(?::(?<port>\d+))?$/.exec(text)?.groups;
  return { host: parts?.["address"] ?? parts?.["name"] ?? text, port: parts?.["port"] };
}

/** The host and port that a URL leads to. */
export function targetOf(url: URL): { readonly host: string; readonly port: string } {
  const { host } = splitHostPort(url.hostname);
  return { host, port: url.port || (url.protocol === "https:" ? "443" : "80") };
}
