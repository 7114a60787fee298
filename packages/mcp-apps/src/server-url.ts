/** Which server of Codex Apps: that of plugins and apps, `…/ps/mcp`, or its predecessor, `…/wham/apps`. */
export type CodexAppsEndpoint = "apps" | "plugins";

/**
 * Gives the URL of the MCP server of Codex Apps.
 *
 * A base that ends in `/api/codex` is not extended by another one, other than for the endpoints of the backend.
 *
 * @param chatgptBaseUrl - Such as `https://chatgpt.com/backend-api`. Without a path, ChatGPT's own gets `/backend-api`.
 */
export function codexAppsServerUrl(chatgptBaseUrl: string, endpoint: CodexAppsEndpoint = "plugins"): string {
  const base = normalizedBase(chatgptBaseUrl);
  const isBackend = base.includes("/backend-api");
  const root = isBackend || base.includes("/api/codex") ? base : `${base}/api/codex`;
  if (endpoint === "plugins") return `${root}/ps/mcp`;
  return isBackend ? `${root}/wham/apps` : `${root}/apps`;
}

/** A test of the text and not of the host: whether a credential may go there is decided by the origin alone. */
function normalizedBase(chatgptBaseUrl: string): string {
  const base = chatgptBaseUrl.replace(trailingSlashes, "");
  const isChatgpt = chatgptPrefixes.some((prefix) => base.startsWith(prefix));
  return isChatgpt && !base.includes("/backend-api") ? `${base}/backend-api` : base;
}

const chatgptPrefixes = ["https://chatgpt.com", "https://chat.openai.com"];
// Without the look-behind the engine would try every slash of a long run as a start, which is quadratic.
const trailingSlashes = /(?<!\/)\/+$/;
