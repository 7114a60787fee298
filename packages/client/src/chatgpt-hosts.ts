const hosts: ReadonlySet<string> = new Set(["chat.openai.com", "chatgpt-staging.com", "chatgpt.com"]);

/**
 * Tells whether a host is one of ChatGPT's. Only those may see its cookies.
 *
 * @param host - As a `URL` shows it: lower case, no port, no dot at the end.
 */
export function isAllowedChatgptHost(host: string): boolean {
  return hosts.has(host) || host.endsWith(".chatgpt.com") || host.endsWith(".chatgpt-staging.com");
}
