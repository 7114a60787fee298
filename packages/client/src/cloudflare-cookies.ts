import { isAllowedChatgptHost } from "./chatgpt-hosts.js";
import { type CookieJar, MemoryCookieJar } from "./cookie-jar.js";

/**
 * Restricts a jar to the cookies by which Cloudflare recognizes a client, on ChatGPT's hosts and over https.
 *
 * A jar is shared by all accounts that use a transport, so nothing that belongs to a session or an account may get
 * in, or out.
 */
export function toCloudflareCookies(jar: CookieJar): CookieJar {
  return {
    headerFor(url) {
      if (!isEligible(url)) return undefined;
      const header = jar.headerFor(url);
      return header === undefined ? undefined : onlyCloudflare(header);
    },
    store(url, setCookie) {
      if (isEligible(url))
        jar.store(
          url,
          setCookie.filter((header) => hasCloudflareName(header)),
        );
    },
  };
}

/**
 * The jar of all transports that have none of their own. One for the process, because the cookies tell Cloudflare
 * that requests come from the same client.
 */
export const sharedCookies: CookieJar = new MemoryCookieJar();

const names: ReadonlySet<string> = new Set([
  "__cf_bm",
  "__cflb",
  "__cfruid",
  "__cfseq",
  "__cfwaitingroom",
  "_cfuvid",
  "cf_clearance",
  "cf_ob_info",
  "cf_use_ob",
]);

/** Tells by the text before the first equals sign, in a `Cookie` header as well as in a `Set-Cookie` header. */
function hasCloudflareName(text: string): boolean {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0)).trim();
  return names.has(name) || name.startsWith("cf_chl_");
}

function isEligible({ protocol, hostname }: URL): boolean {
  return protocol === "https:" && isAllowedChatgptHost(hostname);
}

function onlyCloudflare(header: string): string | undefined {
  const pairs = header.split(";").filter((pair) => hasCloudflareName(pair));
  return pairs.length === 0 ? undefined : pairs.map((pair) => pair.trim()).join("; ");
}
