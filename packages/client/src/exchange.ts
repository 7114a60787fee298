import { unauthenticated } from "@codex-ts/auth-provider";
import { runAttempt } from "./attempt.js";
import { prepareBody } from "./body.js";
import { isTransportError, TransportError } from "./errors.js";
import { ExchangeGuard } from "./exchange-guard.js";
import type { ExchangeSettings } from "./exchange-settings.js";
import type { ExchangeState } from "./exchange-state.js";
import { type HeaderFields, toHeaderFields } from "./header-fields.js";
import type { HttpResponse, HttpStream } from "./http-response.js";
import { checkInteger, checkTimeLimit } from "./number-options.js";
import { toPhaseLimits } from "./phase-limits.js";
import { parseUrl, redactUrl } from "./redaction.js";
import type { ExchangeOptions, TransportRequest } from "./request.js";
import type { RequestTarget } from "./request-target.js";
import { noRetry, type RetryPolicy, retryDelay } from "./retry.js";
import { joinTelemetry, type RequestTelemetry } from "./telemetry.js";

/** Carries out one request of a caller's, with retries. */
export function runExchange(
  settings: ExchangeSettings,
  request: TransportRequest,
  options: ExchangeOptions,
  mode: "unary",
): Promise<HttpResponse>;
export function runExchange(
  settings: ExchangeSettings,
  request: TransportRequest,
  options: ExchangeOptions,
  mode: "stream",
): Promise<HttpStream>;
export async function runExchange(
  settings: ExchangeSettings,
  request: TransportRequest,
  options: ExchangeOptions,
  mode: "stream" | "unary",
): Promise<HttpResponse | HttpStream> {
  const { retry = noRetry } = options;
  checkNumbers(request, options, retry);
  const url = checkedUrl(request.url);
  const target = { method: checkedMethod(request.method), url: url.href };
  const headers = mergedHeaders(
    options.defaultHeaders === false ? stackHeaders : settings.defaultHeaders,
    toHeaderFields(request.headers),
  );
  const guard = new ExchangeGuard(target, options.signal, settings.guards);
  let isOpen = false;
  try {
    guard.check();
    const compression = settings.plainOrigins.has(url.origin) ? undefined : settings.compression;
    const body = prepareBody(request, headers, compression);
    const state: ExchangeState = {
      settings,
      target,
      url,
      headers,
      auth: options.auth ?? unauthenticated,
      signal: options.signal,
      guard,
      telemetry: joinTelemetry(settings.telemetry, options.telemetry),
      isStream: mode === "stream",
      hasDefaults: options.defaultHeaders !== false,
      limits: toPhaseLimits(settings.limits[mode], request, options),
      body: body instanceof Promise ? await body : body,
      recoveryRounds: 0,
    };
    const result = await runAttempts(state, retry);
    isOpen = state.isStream;
    return result;
  } finally {
    // The body of a stream takes the guard over.
    if (!isOpen) guard.dispose();
  }
}

async function runAttempts(state: ExchangeState, policy: RetryPolicy): Promise<HttpResponse | HttpStream> {
  const { guard, limits, telemetry } = state;
  for (let attempt = 0; ; attempt += 1) {
    const report = telemetry && attemptReporter(state.target, attempt, telemetry);
    guard.startAttempt(limits.attempt);
    try {
      const result = await runAttempt(state, attempt);
      report?.(result.status);
      return result;
    } catch (error) {
      guard.endAttempt();
      if (!isTransportError(error)) throw error;
      report?.(error.kind === "http" ? error.status : undefined, error);
      await pauseBeforeRetry(state, policy, attempt, error);
    }
  }
}

/** @throws The error, when it is final. */
async function pauseBeforeRetry(
  { body, guard, settings, telemetry }: ExchangeState,
  policy: RetryPolicy,
  attempt: number,
  error: TransportError,
): Promise<void> {
  const delayMs = retryDelay(policy, error, attempt, settings.random);
  if (delayMs === undefined || body.streamed?.isSpent === true) throw error;
  telemetry?.onRetry({ attempt: attempt + 1, delayMs, error });
  await (settings.sleep === undefined ? guard.sleep(delayMs) : guard.race(settings.sleep(delayMs)));
}

/** Starts the clock of an attempt, and reports it when it is over. */
export function attemptReporter(
  { method, url }: RequestTarget,
  attempt: number,
  telemetry: Required<RequestTelemetry>,
): (status: number | undefined, error?: TransportError) => void {
  const startedAt = performance.now();
  return (status, error) => {
    const durationMs = performance.now() - startedAt;
    telemetry.onRequest({ attempt, method, url: redactUrl(url), status, error, durationMs });
  };
}

// RFC 9110 §5.6.2
const methodToken = /^[!#$%&'*+\-.^_`|~0-9A-Z]+$/;

function checkedMethod(method: string): string {
  const upperCase = method.toUpperCase();
  // CONNECT opens a tunnel, which is no exchange.
  if (methodToken.test(upperCase) && upperCase !== "CONNECT") return upperCase;
  throw new TypeError('"method" must be an HTTP method other than CONNECT');
}

function checkedUrl(url: string): URL {
  const parsed = parseUrl(url);
  if (parsed === undefined || (parsed.protocol !== "https:" && parsed.protocol !== "http:")) {
    throw invalidUrl("is not an absolute http or https URL");
  }
  if (parsed.username !== "" || parsed.password !== "") throw invalidUrl("holds a user name or password");
  return parsed;
}

function invalidUrl(detail: string): TransportError {
  // The URL is not shown: what cannot be parsed cannot be redacted.
  return new TransportError(`the URL of the request ${detail}`, { kind: "network", code: "invalid_url" });
}

/** What the HTTP stack itself says. */
const stackHeaders: HeaderFields = new Map([["accept", "*/*"]]);

function mergedHeaders(defaults: HeaderFields, own: HeaderFields): HeaderFields {
  const headers = new Map(defaults);
  for (const [name, value] of own) headers.set(name, value);
  return headers;
}

function checkNumbers(request: TransportRequest, options: ExchangeOptions, retry: RetryPolicy): void {
  checkTimeLimit("timeoutMs", request.timeoutMs);
  if (request.body !== undefined && "stream" in request.body)
    checkInteger("body.length", request.body.length);
  checkTimeLimit("connectTimeoutMs", options.connectTimeoutMs);
  checkTimeLimit("headersTimeoutMs", options.headersTimeoutMs);
  checkInteger("retry.maxAttempts", retry.maxAttempts);
  checkInteger("retry.baseDelayMs", retry.baseDelayMs);
  checkTimeLimit("retry.maxRetryAfterMs", retry.maxRetryAfterMs);
}
