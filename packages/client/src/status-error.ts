import { TransportError, type TransportErrorCode } from "./errors.js";
import type { FailedAnswer } from "./failed-answer.js";
import type { HeaderFields } from "./header-fields.js";
import { isHtmlAnswer } from "./html-answer.js";
import { statusPhrase } from "./reason-phrases.js";
import { redactUrl, scrub } from "./redaction.js";
import { describeTarget, type RequestTarget } from "./request-target.js";
import { parseRetryAfter, parseUsageLimit } from "./retry-after.js";
import { secretsOf } from "./secrets.js";

/**
 * Makes the error for an answer.
 *
 * @param now - Milliseconds since the epoch.
 * @param secrets - Are replaced in headers and body: some servers and proxies echo what they were sent.
 */
export function toStatusError(
  target: RequestTarget,
  { status, headers, body }: FailedAnswer,
  now: number,
  secrets: ReadonlySet<string>,
): TransportError {
  const limit = status === 429 ? parseUsageLimit(body, now) : undefined;
  const isHtml = isHtmlAnswer(headers, body);
  const code: TransportErrorCode | undefined =
    limit !== undefined ? "usage_limit_reached" : isHtml ? "html_answer" : undefined;
  const phrase = statusPhrase(status);
  const message = `${describeTarget(target)} answered ${phrase}${isHtml ? " with an HTML page" : ""}`;
  return new TransportError(message, {
    kind: "http",
    code,
    status,
    url: redactUrl(target.url),
    headers: scrubHeaders(headers, secrets),
    body: body === undefined ? undefined : scrub(body, secrets),
    retryAfterMs: parseRetryAfter(headers, now),
    resetsAt: limit?.resetsAt,
    requestId: requestIdOf(headers),
  });
}

/** An answer like one of HTTP that came in some other way, such as in a message of a WebSocket. */
export interface StatusAnswer {
  /** What was asked for, as it is named in the message: `GET` and a URL, for instance. */
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body?: string | undefined;
  /** What the credential of the request looks like as headers. None of it is shown, should the answer repeat it. */
  readonly credential?: Headers | undefined;
}

/**
 * Makes the error that a request with this answer would have failed with: of kind `http`, with `retryAfterMs`,
 * `resetsAt` and `requestId` read from headers and body.
 */
export function createStatusError({ method, url, credential, ...answer }: StatusAnswer): TransportError {
  const fields: HeaderFields = new Map(credential ?? []);
  const secrets = secretsOf(new URL("about:blank"), fields, fields);
  return toStatusError({ method, url }, { ...answer, body: answer.body }, Date.now(), secrets);
}

/** Reads the id under which the server knows the exchange. */
function requestIdOf(headers: Headers): string | undefined {
  return headers.get("x-request-id") ?? headers.get("x-oai-request-id") ?? headers.get("cf-ray") ?? undefined;
}

function scrubHeaders(headers: Headers, secrets: ReadonlySet<string>): Headers {
  const scrubbed = new Headers();
  for (const [name, value] of headers) scrubbed.append(name, scrub(value, secrets));
  return scrubbed;
}
