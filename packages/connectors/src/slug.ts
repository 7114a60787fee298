/** Where a user connects an app. */
export interface InstallUrlOptions {
  /**
   * Base URL of ChatGPT; slashes and `/backend-api` at its end are not a part of the address.
   *
   * @defaultValue `https://chatgpt.com`
   */
  readonly chatgptBaseUrl?: string | undefined;
}

/**
 * Turns the name of an app into what its address and its mention use: ASCII letters (in lower case) and digits stay, every other
 * character becomes `-`, those at both ends go. Nothing left: `app`.
 */
export function connectorSlug(name: string): string {
  const slug = name.replace(/[^A-Za-z0-9]/gu, "-").replace(/^-+/, "");
  return withoutTrailing("-", slug).toLowerCase() || "app";
}

/** The slug with `_` for `-`, as the names of tools contain it. */
export function sanitizeConnectorName(name: string): string {
  return connectorSlug(name).replaceAll("-", "_");
}

/**
 * Gives the address at which a user connects an app.
 *
 * @throws TypeError for a base URL that is none of http(s).
 */
export function connectorInstallUrl(name: string, id: string, options: InstallUrlOptions = {}): string {
  return `${installBase(options)}/apps/${connectorSlug(name)}/${encodeSegment(id)}`;
}

function installBase({ chatgptBaseUrl = "https://chatgpt.com" }: InstallUrlOptions): string {
  if (!/^https?:$/.test(URL.canParse(chatgptBaseUrl) ? new URL(chatgptBaseUrl).protocol : ""))
    throw new TypeError('"chatgptBaseUrl" must be a URL of http or https');
  const base = withoutTrailing("/", chatgptBaseUrl);
  return base.endsWith(backendPath) ? withoutTrailing("/", base.slice(0, -backendPath.length)) : base;
}

// Ids of plugins are not validated, and half a surrogate pair cannot be encoded.
function encodeSegment(id: string): string {
  return encodeURIComponent(id.replace(/\p{Surrogate}/gu, "\ufffd"));
}

// Not by an expression: one that backtracks takes quadratic time for a long run inside the text.
function withoutTrailing(character: string, text: string): string {
  let end = text.length;
  while (text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}

const backendPath = "/backend-api";
