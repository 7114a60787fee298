/** What a person is asked for who brings the redirected address by hand. */
export interface RedirectedUrlPrompt {
  /** Where the person approves. */
  readonly authorizeUrl: string;
  /** What was wrong with the text given before. Nothing at first. */
  readonly problem: string | undefined;
  /** Fires when nobody needs the answer any more, such as when the browser came back by itself. */
  readonly signal: AbortSignal;
}

/**
 * Reads what a person pasted from the address line of a browser: the redirected address, or its query.
 *
 * @returns The query, or nothing when the text is neither.
 */
export function parseRedirectedUrl(text: string): URLSearchParams | undefined {
  // A terminal breaks long lines, and an address has no white space.
  const compact = text.replace(/\s+/g, "");
  const [address = "", search = ""] = compact.includes("?") ? compact.split("?", 2) : ["", compact];
  if (address !== "" && !URL.canParse(address)) return undefined;
  const query = new URLSearchParams(search.split("#", 1)[0]);
  return query.has("code") || query.has("error") ? query : undefined;
}
