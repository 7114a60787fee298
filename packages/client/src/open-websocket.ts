import { type AuthProvider, unauthenticated } from "@codex-ts/auth-provider";
import { toHeaders } from "./answer-headers.js";
import { applyCredential, type SignedRequest } from "./credential.js";
import { isTransportError, TransportError } from "./errors.js";
import { attemptReporter } from "./exchange.js";
import { ExchangeGuard, type PhaseLimit } from "./exchange-guard.js";
import type { ExchangeSettings } from "./exchange-settings.js";
import { type HeaderFields, replaceHeaderFields, toHeaderFields } from "./header-fields.js";
import { type RecoverableExchange, recover } from "./recovery.js";
import { parseUrl } from "./redaction.js";
import { secretsOf } from "./secrets.js";
import { toStatusError } from "./status-error.js";
import { joinTelemetry } from "./telemetry.js";
import { LiveWebSocket } from "./websocket-connection.js";
import { type HandshakeResult, shakeHands } from "./websocket-handshake.js";
import {
  toWebSocketSettings,
  type WebSocketOptions,
  type WebSocketRequest,
  type WebSocketSettings,
} from "./websocket-options.js";

/** Opens a WebSocket: handshakes until there is an answer that the credential cannot better. */
export async function openWebSocket(
  settings: ExchangeSettings,
  request: WebSocketRequest,
  options: WebSocketOptions,
): Promise<LiveWebSocket> {
  const live = toWebSocketSettings(options);
  const url = checkedUrl(request.url);
  const target = { method: "GET", url: url.href.replace(/^http/, "ws") };
  const guard = new ExchangeGuard(target, options.signal, settings.guards);
  const state: HandshakeState = {
    settings,
    live,
    target,
    url,
    headers: handshakeHeaders(settings.defaultHeaders, request),
    auth: options.auth ?? unauthenticated,
    signal: options.signal,
    guard,
    telemetry: joinTelemetry(settings.telemetry, options.telemetry),
    limit: {
      code: "connect_timeout",
      option: "connectTimeoutMs",
      event: "the WebSocket was open",
      milliseconds: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
    },
    recoveryRounds: 0,
  };
  try {
    guard.check();
    return await reported(state);
  } finally {
    guard.dispose();
  }
}

const defaultConnectTimeoutMs = 15_000;

interface HandshakeState extends RecoverableExchange {
  readonly target: { readonly method: string; readonly url: string };
  readonly live: WebSocketSettings;
  /** `http:` or `https:`. */
  readonly url: URL;
  readonly headers: HeaderFields;
  readonly auth: AuthProvider;
  readonly limit: PhaseLimit;
  recoveryRounds: number;
}

function checkedUrl(url: string): URL {
  const parsed = parseUrl(url.replace(/^ws/i, "http"));
  if (parsed === undefined || (parsed.protocol !== "https:" && parsed.protocol !== "http:")) {
    throw invalidUrl("is not an absolute ws, wss, http or https URL");
  }
  if (parsed.username !== "" || parsed.password !== "") throw invalidUrl("holds a user name or password");
  parsed.hash = "";
  return parsed;
}

function invalidUrl(detail: string): TransportError {
  // The URL is not shown: what cannot be parsed cannot be redacted.
  return new TransportError(`the URL of the WebSocket ${detail}`, { kind: "build", code: "invalid_url" });
}

/** A handshake accepts one thing only, and says so in other headers. */
function handshakeHeaders(defaults: HeaderFields, { headers }: WebSocketRequest): HeaderFields {
  const fields = new Map(defaults);
  fields.delete("accept");
  for (const [name, value] of toHeaderFields(headers)) fields.set(name, value);
  return fields;
}

async function reported(state: HandshakeState): Promise<LiveWebSocket> {
  const report = state.telemetry && attemptReporter(state.target, 0, state.telemetry);
  try {
    const connection = await handshakes(state);
    report?.(101);
    return connection;
  } catch (error) {
    if (isTransportError(error)) report?.(error.kind === "http" ? error.status : undefined, error);
    throw error;
  }
}

async function handshakes(state: HandshakeState): Promise<LiveWebSocket> {
  const { settings, target, url } = state;
  for (;;) {
    const signed = await sign(state);
    const result = await shake(state, signed);
    if ("webSocket" in result) return toConnection(state, result);
    const { refusal } = result;
    if (await recover(state, { url, isTrusted: true }, refusal, 0)) continue;
    const secrets = secretsOf(signed.url, signed.headers, signed.credential);
    throw toStatusError(target, refusal, settings.clock(), secrets);
  }
}

async function sign({ auth, guard, headers, settings, url }: HandshakeState): Promise<SignedRequest> {
  const unsigned = { method: "GET", url, headers: new Map(headers), body: undefined };
  const signing = applyCredential(auth, unsigned);
  const signed = signing instanceof Promise ? await guard.race(signing) : signing;
  if (settings.trace !== undefined) replaceHeaderFields(signed.headers, settings.trace());
  return signed;
}

async function shake(state: HandshakeState, { url, headers }: SignedRequest): Promise<HandshakeResult> {
  const { guard, limit, live, settings, target } = state;
  guard.startAttempt(limit);
  try {
    return await shakeHands(settings.routes.connectorTo(url), {
      target,
      url,
      headers,
      guard,
      settings: live,
    });
  } finally {
    guard.endAttempt();
  }
}

function toConnection(
  { live, settings, target }: HandshakeState,
  { webSocket, headers }: Extract<HandshakeResult, { webSocket: unknown }>,
): LiveWebSocket {
  return new LiveWebSocket(webSocket, {
    url: target.url,
    headers: toHeaders(headers),
    heartbeat: live,
    binaryMessages: live.binaryMessages,
    guards: settings.guards,
  });
}
