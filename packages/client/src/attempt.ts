import { type Answer, isSuccess } from "./answer-receiver.js";
import { withoutCompression } from "./body.js";
import { decodeWhole, findDecoders } from "./content-decoding.js";
import { DecodedBody } from "./decoded-body.js";
import type { ExchangeState } from "./exchange-state.js";
import { readFailure } from "./failed-answer.js";
import { HttpResponse, HttpStream, type OpenBody } from "./http-response.js";
import { recover } from "./recovery.js";
import { redactUrl } from "./redaction.js";
import { followRedirect, type Hop, redirectLocation, tooManyRedirects } from "./redirect.js";
import { secretsOf } from "./secrets.js";
import { type SentHop, sendHop } from "./send-hop.js";
import { toStatusError } from "./status-error.js";
import { StreamBody } from "./stream-body.js";

/**
 * Makes one attempt: sends the request, follows redirects, sends it plain when compression is refused, and again
 * after the provider recovered from a 401. None of this counts as a retry.
 *
 * @throws {@link TransportError} when there is no success in the end.
 */
export async function runAttempt(state: ExchangeState, attempt: number): Promise<HttpResponse | HttpStream> {
  const { settings, target, isStream } = state;
  let hop: Hop = firstHop(state);
  let redirects = 0;
  let refusingOrigin: string | undefined;
  for (;;) {
    const sent: SentHop = await sendHop(state, hop);
    const { answer, signed } = sent;
    if (refusingOrigin !== undefined && !refusesCompression(answer.status)) {
      settings.plainOrigins.add(refusingOrigin);
      refusingOrigin = undefined;
    }
    if (isSuccess(answer.status)) return toResult(state, hop.url, answer);
    const redirected: Hop | undefined = redirect(state, hop, sent, redirects);
    if (redirected !== undefined) {
      redirects += 1;
      hop = redirected;
      continue;
    }
    if (hop.body.isCompressed && refusesCompression(answer.status)) {
      refusingOrigin = hop.url.origin;
      state.telemetry?.onCompressionRefused({ origin: refusingOrigin, status: answer.status });
      state.body = withoutCompression(state.body);
      hop = { ...hop, body: withoutCompression(hop.body) };
      continue;
    }
    const failure = await readFailure(target, answer, isStream);
    if (hop.body.streamed?.isSpent !== true && (await recover(state, hop, failure, attempt))) continue;
    const secrets = secretsOf(signed.url, signed.headers, signed.credential);
    throw toStatusError(target, failure, settings.clock(), secrets);
  }
}

function firstHop({ target, url, headers, body }: ExchangeState): Hop {
  return { method: target.method, url, headers, body, isTrusted: true };
}

/** A server or proxy that does not know `content-encoding: zstd` says 415, or 400 when it took it for JSON. */
function refusesCompression(status: number): boolean {
  return status === 400 || status === 415;
}

function redirect(
  state: ExchangeState,
  hop: Hop,
  { answer, signed }: SentHop,
  earlier: number,
): Hop | undefined {
  const { maxRedirects } = state.settings;
  const location = redirectLocation(answer.status, answer.headers);
  if (location === undefined) return undefined;
  const next = followRedirect(hop, answer.status, location, signed.credential.size > 0);
  if (next === undefined || next.body.streamed?.isSpent === true) return undefined;
  if (earlier >= maxRedirects) throw tooManyRedirects(state.target, maxRedirects);
  state.telemetry?.onRedirect({
    status: answer.status,
    from: redactUrl(hop.url),
    to: redactUrl(next.url),
    crossOrigin: next.url.origin !== hop.url.origin,
  });
  return next;
}

function toResult(
  state: ExchangeState,
  url: URL,
  answer: Answer,
): HttpResponse | HttpStream | Promise<HttpResponse | HttpStream> {
  const { status, headers, body } = answer;
  const encoding = headers["content-encoding"];
  if (encoding !== undefined) return decodedResult(state, url, answer, encoding);
  if (body instanceof StreamBody) return new HttpStream(status, headers, url.href, body);
  return new HttpResponse(status, headers, url.href, body ?? new Uint8Array());
}

async function decodedResult(
  state: ExchangeState,
  url: URL,
  { status, headers, body }: Answer,
  encoding: string,
): Promise<HttpResponse | HttpStream> {
  if (body instanceof StreamBody) {
    return new HttpStream(status, headers, url.href, await decodedBody(state, body, encoding));
  }
  const bytes = await decodedBytes(state, body ?? new Uint8Array(), encoding);
  return new HttpResponse(status, headers, url.href, bytes);
}

async function decodedBody({ target }: ExchangeState, body: StreamBody, encoding: string): Promise<OpenBody> {
  try {
    const decoders = await findDecoders(target, encoding);
    return decoders.length === 0 ? body : new DecodedBody(target, body, decoders);
  } catch (error) {
    body.cancel();
    throw error;
  }
}

async function decodedBytes(state: ExchangeState, bytes: Uint8Array, encoding: string): Promise<Uint8Array> {
  const { target, settings } = state;
  return decodeWhole(target, bytes, await findDecoders(target, encoding), settings.maxResponseBytes);
}
