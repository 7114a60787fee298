import type { AnswerHeaders } from "./answer-receiver.js";
import { hasBody, type PreparedBody } from "./body.js";
import { TransportError } from "./errors.js";
import type { HeaderFields } from "./header-fields.js";
import { parseUrl, redactUrl } from "./redaction.js";
import { describeTarget, type RequestTarget } from "./request-target.js";
import { isCredentialName } from "./secrets.js";

/** One request of a chain of redirects, before the credential is put on it. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderFields;
  readonly body: PreparedBody;
  /** False from the first foreign origin on, also when the chain comes back: whoever sent it away may not steer it. */
  readonly isTrusted: boolean;
}

/** Where an answer redirects to, if it does. */
export function redirectLocation(status: number, headers: AnswerHeaders): string | undefined {
  if (!redirectStatuses.has(status) || headers.location === undefined) return undefined;
  // Header values arrive as Latin-1; what is not ASCII in a location is UTF-8 in practice.
  return Buffer.from(headers.location, "latin1").toString();
}

/**
 * Makes the next request of a chain.
 *
 * To another origin goes no credential, and of the headers only those that say nothing about the caller. A body that
 * belongs to a credential does not go there at all.
 *
 * @param hasCredential - Whether a provider put a credential on the request that was redirected.
 * @returns Nothing when the location is no URL; the redirect is then the answer.
 * @throws {@link TransportError} of kind `network`, code `invalid_redirect`, or of kind `http`, code `redirect_refused`.
 */
export function followRedirect(
  hop: Hop,
  status: number,
  location: string,
  hasCredential: boolean,
): Hop | undefined {
  const url = parseUrl(location, hop.url.href);
  if (url === undefined) return undefined;
  if (url.protocol !== "https:" && url.protocol !== "http:") throw unsupportedScheme(hop, url);
  url.username = "";
  url.password = "";
  const next = becomesGet(status, hop.method) ? asGet(hop, url) : { ...hop, url };
  if (url.origin === hop.url.origin) return next;
  if (hasBody(next.body) && hop.isTrusted && (hasCredential || hasCredentialHeader(hop.headers))) {
    throw refused(hop, status, url);
  }
  return { ...next, headers: anonymous(next.headers), isTrusted: false };
}

/** The error for a chain that is longer than allowed. */
export function tooManyRedirects(target: RequestTarget, maxRedirects: number): TransportError {
  const message = `${describeTarget(target)} was redirected more than ${maxRedirects} times`;
  return new TransportError(message, {
    kind: "network",
    code: "too_many_redirects",
    detail: "too many redirects",
  });
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const anonymousHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-language",
  "cache-control",
  "content-encoding",
  "content-language",
  "content-type",
  "if-modified-since",
  "if-none-match",
  "originator",
  "range",
  "user-agent",
]);

/** RFC 9110 §15.4. */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

function asGet(hop: Hop, url: URL): Hop {
  const headers = new Map([...hop.headers].filter(([name]) => !name.startsWith("content-")));
  return {
    ...hop,
    url,
    headers,
    method: "GET",
    body: { bytes: undefined, plain: undefined, isCompressed: false, isJson: false },
  };
}

function anonymous(headers: HeaderFields): HeaderFields {
  return new Map([...headers].filter(([name]) => anonymousHeaders.has(name)));
}

function hasCredentialHeader(headers: HeaderFields): boolean {
  return [...headers.keys()].some(isCredentialName);
}

function unsupportedScheme(hop: Hop, url: URL): TransportError {
  const detail = `redirect target uses unsupported URL scheme: ${url.protocol.slice(0, -1)}`;
  return new TransportError(`${describeTarget(hop)} failed: ${detail}`, {
    kind: "network",
    code: "invalid_redirect",
    detail,
  });
}

function refused(hop: Hop, status: number, url: URL): TransportError {
  const message = `${describeTarget(hop)} was redirected to ${url.origin}, where neither credential nor body is sent`;
  return new TransportError(message, {
    kind: "http",
    code: "redirect_refused",
    status,
    url: redactUrl(hop.url),
  });
}
