import type { Readable } from "node:stream";
import { unauthenticated } from "@codex-ts/auth-provider";
import { type Answer, receiveAnswer } from "./answer-receiver.js";
import { addContentHeaders } from "./body.js";
import { applyCredential, type SignedRequest } from "./credential.js";
import type { ExchangeState } from "./exchange-state.js";
import { type HeaderFields, replaceHeaderFields } from "./header-fields.js";
import type { Hop } from "./redirect.js";
import { StreamBody } from "./stream-body.js";
import type { StreamedBody } from "./streamed-body.js";

/** What was sent, and what came back. */
export interface SentHop {
  readonly signed: SignedRequest;
  readonly answer: Answer;
}

/** Sends one request: puts content headers, cookies, credential and trace headers on it, in this order. */
export async function sendHop(state: ExchangeState, hop: Hop): Promise<SentHop> {
  const { guard, settings } = state;
  guard.check();
  const signing = applyCredential(hop.isTrusted ? state.auth : unauthenticated, {
    method: hop.method,
    url: hop.url,
    headers: unsignedHeaders(state, hop),
    body: hop.body.bytes,
  });
  const signed = signing instanceof Promise ? await guard.race(signing) : signing;
  if (settings.trace !== undefined && state.hasDefaults)
    replaceHeaderFields(signed.headers, settings.trace());
  const answer = await exchangeOnWire(state, signed, hop.body.streamed);
  storeCookies(state, signed.url, answer);
  return { signed, answer };
}

function unsignedHeaders(
  { settings, hasDefaults }: ExchangeState,
  { url, headers, body }: Hop,
): HeaderFields {
  const fields = new Map(headers);
  addContentHeaders(fields, body);
  if (settings.cookies === undefined || !hasDefaults || fields.has("cookie")) return fields;
  const cookie = settings.cookies.headerFor(url);
  if (cookie !== undefined) fields.set("cookie", cookie);
  return fields;
}

async function exchangeOnWire(
  state: ExchangeState,
  { method, url, headers, body }: SignedRequest,
  streamed: StreamedBody | undefined,
): Promise<Answer> {
  const { settings, isStream, target } = state;
  const lease = settings.routes.lease(url);
  const lines: string[] = [];
  for (const [name, value] of lease.headers) if (!headers.has(name)) lines.push(name, value);
  for (const [name, value] of headers) lines.push(name, value);
  const reading = body === undefined ? streamed?.read(target) : undefined;
  if (reading !== undefined) lines.push("content-length", String(streamed?.length));
  try {
    const answer = await receiveAnswer(
      lease.lane,
      {
        origin: url.origin,
        path: lease.path,
        method,
        headers: lines,
        // undici takes any iterable, but its types know only Node's streams.
        body: body ?? (reading as Readable | undefined) ?? null,
        headersTimeout: 0,
        // The reader of a stream has its own idea of how long it may be silent.
        bodyTimeout: isStream ? 0 : settings.bodyTimeoutMs,
      },
      {
        target,
        guard: state.guard,
        isStream,
        limits: state.limits,
        maxResponseBytes: settings.maxResponseBytes,
      },
    );
    // A server may begin a streamed answer before it has read the whole request.
    if (!(answer.body instanceof StreamBody)) reading?.end();
    return answer;
  } catch (error) {
    reading?.end();
    throw error;
  }
}

function storeCookies({ settings, hasDefaults }: ExchangeState, url: URL, { headers }: Answer): void {
  const setCookie = headers["set-cookie"];
  if (setCookie !== undefined && hasDefaults)
    settings.cookies?.store(url, typeof setCookie === "string" ? [setCookie] : setCookie);
}
