import { splitHostPort, targetOf } from "./host-port.js";

/**
 * Tells whether a `NO_PROXY` list exempts a URL from the proxy.
 *
 * Entries are separated by commas or blanks. `*` exempts everything; `example.com`, `.example.com` and
 * `*.example.com` exempt the domain and its subdomains; `10.0.0.0/8`, `192.0.2.1`, `::1` and `[::1]` exempt hosts that are
 * given as such an address. A port behind an entry restricts it to that port.
 */
export function isExempt(noProxy: string, url: URL): boolean {
  const target = targetOf(url);
  const host = target.host.replace(/\.$/, "");
  return noProxy.split(/[\s,]+/).some((text) => {
    const entry = splitHostPort(text.toLowerCase());
    return (entry.port === undefined || entry.port === target.port) && matchesHost(entry.host, host);
  });
}

function matchesHost(entry: string, host: string): boolean {
  if (entry === "*") return true;
  const { isIP } = process.getBuiltinModule("node:net");
  const family = isIP(host);
  if (family !== 0) return matchesAddress(entry, host, family);
  const domain = entry.replace(/^\*?\./, "").replace(/\.$/, "");
  return host === domain || host.endsWith(`.${domain}`);
}

function matchesAddress(entry: string, host: string, family: number): boolean {
  const { BlockList, isIP } = process.getBuiltinModule("node:net");
  const [network = "", prefix] = entry.split("/");
  if (isIP(network) !== family) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  if (prefix === undefined) list.addAddress(network, type);
  else if (isPrefix(prefix, family)) list.addSubnet(network, Number(prefix), type);
  return list.check(host, type);
}

function isPrefix(text: string, family: number): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= (family === 4 ? 32 : 128);
}
