import { parsePemCertificates } from "./pem.js";

/** How a transport gets onto the network. */
export interface NetworkOptions {
  /**
   * The proxy to use: its URL, with user name and password if it wants them, or a function that tells the URL for a
   * request. `false`, or a function that returns nothing, goes without.
   *
   * @defaultValue what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say ({@link createProxyResolver})
   */
  readonly proxy?: string | false | ((url: URL) => string | undefined) | undefined;
  /**
   * Certificates as PEM that are trusted in addition to those of the runtime and the system, and to the bundles that
   * the environment names ({@link createTrustedRoots}).
   */
  readonly ca?: string | readonly string[] | undefined;
}

/** @throws TypeError when an option is not what it has to be. */
export function checkNetworkOptions({ proxy, ca }: NetworkOptions): void {
  if (proxy !== undefined && proxy !== false && typeof proxy !== "string" && typeof proxy !== "function") {
    throw new TypeError('"proxy" must be a URL, a function or false');
  }
  for (const text of caTexts(ca)) {
    const parsed = parsePemCertificates(Buffer.from(text));
    if ("problem" in parsed) throw new TypeError(`"ca" must hold certificates as PEM: ${parsed.problem}`);
  }
}

export function caTexts(ca: NetworkOptions["ca"]): readonly string[] {
  return typeof ca === "string" ? [ca] : (ca ?? []);
}
