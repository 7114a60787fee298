/**
 * Tells whether the login may be sent to a URL: to ChatGPT's own origin, to its staging hosts, and to origins that the
 * caller has named. A prefix, a port or a user name that only looks like them does not count.
 */
export function mayReceiveLogin(url: URL, allowedOrigins: readonly string[]): boolean {
  if (url.username !== "" || url.password !== "") return false;
  if (allowedOrigins.includes(url.origin)) return true;
  if (url.protocol !== "https:" || url.port !== "") return false;
  return url.origin === "https://chatgpt.com" || isHostOf(url.hostname, "chatgpt-staging.com");
}

function isHostOf(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
