import type { RequestHeaders } from "./request.js";

/** What stands in the place of a secret wherever it might be printed. */
const redacted = "[redacted]";

/** Wraps a secret so that printing, logging or serializing it shows `[redacted]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Returns the secret itself. Call it where the secret is used, and keep the result nowhere. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  /** @internal */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return redacted;
  }
}

// An allow-list, because any other name may be somebody's API key.
const printableHeaders: ReadonlySet<string> = new Set([
  "accept",
  "cache-control",
  "cf-ray",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "etag",
  "openai-beta",
  "openai-processing-ms",
  "openai-version",
  "originator",
  "retry-after",
  "retry-after-ms",
  "server",
  "session-id",
  "thread-id",
  "traceparent",
  "transfer-encoding",
  "user-agent",
  "version",
  "x-client-request-id",
  "x-models-etag",
  "x-oai-request-id",
  "x-openai-fedramp",
  "x-request-id",
]);

/**
 * Copies headers for a log. Only names that are known to be harmless keep their value, all others show
 * `[redacted]`. Names come out in lower case.
 */
export function redactHeaders(headers: RequestHeaders): Record<string, string> {
  const printable: [string, string][] = [];
  for (const [name, value] of headerEntries(headers)) {
    const lowerCase = name.toLowerCase();
    printable.push([lowerCase, printableHeaders.has(lowerCase) ? value : redacted]);
  }
  return Object.fromEntries(printable);
}

/** Lists name and value of each header that has a value, whatever form the headers come in. */
export function headerEntries(headers: RequestHeaders): Iterable<readonly [string, string]> {
  if (isIterable(headers)) return headers;
  return Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
}

function isIterable(headers: RequestHeaders): headers is Iterable<readonly [string, string]> {
  return Symbol.iterator in headers;
}

/** Returns a URL without user name, password, query and fragment. What is no URL shows as `[invalid URL]`. */
export function redactUrl(url: string | URL): string {
  const parsed = typeof url === "string" ? parseUrl(url) : url;
  // Without a host the user name and password of a URL that lacks its scheme would be part of the path.
  if (parsed === undefined || parsed.host === "") return "[invalid URL]";
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

/** Parses an absolute URL, or returns nothing. */
export function parseUrl(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}

/** Replaces every occurrence of the secrets in a text that came from the other side, in all spellings it may echo. */
export function scrub(text: string, secrets: Iterable<string>): string {
  let scrubbed = text;
  for (const secret of secrets) {
    for (const spelling of new Set([
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ])) {
      scrubbed = scrubbed.replaceAll(spelling, redacted);
    }
  }
  return scrubbed;
}
