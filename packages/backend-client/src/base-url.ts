import { isAllowedChatgptHost } from "@codex-ts/client";

/** How paths begin: `chatgpt` with `/wham`, `codex-api` with `/api/codex`. */
export type PathStyle = "chatgpt" | "codex-api";

/** A base URL in the form in which paths are appended to it. */
export interface NormalizedBaseUrl {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly pathStyle: PathStyle;
}

/**
 * Brings a base URL into the form in which paths are appended to it: ChatGPT's own gets its `/backend-api`, and what
 * has that in its path is of style `chatgpt`. Text in, text out: nothing is checked.
 */
export function normalizeBaseUrl(baseUrl: string): NormalizedBaseUrl {
  const trimmed = baseUrl.replace(trailingSlashes, "");
  const normalized =
    chatgptStart.test(trimmed) && !trimmed.includes("/backend-api") ? `${trimmed}/backend-api` : trimmed;
  return {
    baseUrl: normalized,
    pathStyle: normalized.includes("/backend-api") ? "chatgpt" : "codex-api",
  };
}

/**
 * Normalizes a base URL to which credentials will be sent.
 *
 * @param allowed - Origins that are trusted besides ChatGPT's own over HTTPS and this machine.
 * @throws TypeError for what is no plain HTTP(S) URL, holds credentials, a query or a fragment, is made to look like
 * ChatGPT's, or is somewhere that nobody has said to trust.
 */
export function checkedBaseUrl(baseUrl: string, allowed: ReadonlySet<string>): NormalizedBaseUrl {
  const reason = objection(baseUrl, allowed);
  // The URL is not quoted: what makes it unusable may be a password.
  if (reason !== undefined) throw new TypeError(`"baseUrl" ${reason}`);
  return normalizeBaseUrl(baseUrl);
}

function objection(baseUrl: unknown, allowed: ReadonlySet<string>): string | undefined {
  if (typeof baseUrl !== "string" || !URL.canParse(baseUrl)) return "must be an absolute URL";
  const url = new URL(baseUrl);
  if (!webScheme.test(baseUrl)) return "must begin with https:// or http://";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (/[?#]/.test(baseUrl)) return "must have neither query nor fragment";
  // A URL parser reads a backslash as a slash and drops line breaks; whoever reads the text does not.
  if (/[\s\\]/.test(baseUrl)) return "must have neither white space nor backslashes";
  if (chatgptLike.test(baseUrl) && !isAllowedChatgptHost(url.hostname))
    return `looks like ChatGPT's, but its host is ${url.hostname}`;
  if (url.protocol === "http:" && isAllowedChatgptHost(url.hostname)) return "must use https for ChatGPT";
  if (isChatgpt(url) || isLoopback(url.hostname) || allowed.has(url.origin)) return undefined;
  return `is at ${url.origin}, which is not ChatGPT's; name it in "allowedOrigins" if credentials may go there`;
}

function isChatgpt({ hostname, port }: URL): boolean {
  return port === "" && isAllowedChatgptHost(hostname);
}

/** Tells whether a host is this machine by its name, without asking anybody. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

const webScheme = /^https?:\/\//i;
// The reference tests the beginning of the text, not the host.
const chatgptStart = /^https:\/\/(?:chatgpt\.com|chat\.openai\.com)/;
// Whoever reads the text sees ChatGPT in these as well.
const chatgptLike = /^https?:\/\/(?:chatgpt\.com|chat\.openai\.com)/i;
// Without the look-behind the engine would try every slash of a long run as a start, which is quadratic.
const trailingSlashes = /(?<!\/)\/+$/;
