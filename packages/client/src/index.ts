export { type CaBundle, readCaBundle, selectCaBundles } from "./ca-bundle.js";
export { isAllowedChatgptHost } from "./chatgpt-hosts.js";
export { type CookieJar, MemoryCookieJar } from "./cookie-jar.js";
export {
  buildUserAgent,
  type ClientIdentity,
  defaultHeaders,
  isFirstPartyChatOriginator,
  isFirstPartyOriginator,
} from "./default-headers.js";
export type { Environment } from "./environment.js";
export { transportErrorText } from "./error-text.js";
export {
  isTransportError,
  TransportError,
  type TransportErrorCode,
  type TransportErrorKind,
  type TransportErrorOptions,
} from "./errors.js";
export { isHtmlAnswer } from "./html-answer.js";
export type { NetworkOptions } from "./network-options.js";
export { createProxyResolver } from "./proxy-environment.js";
export { isOnBypassList, type ProxyListDecision, parseProxyList } from "./proxy-list.js";
export { statusText } from "./reason-phrases.js";
export { redactHeaders, redactUrl, Secret } from "./redaction.js";
export type {
  ExchangeOptions,
  RequestBody,
  RequestHeaders,
  StreamedRequestBody,
  TransportRequest,
} from "./request.js";
export type { TransportResponse, TransportStream } from "./response.js";
export { backoff, defaultRetryPolicy, noRetry, type RetryPolicy } from "./retry.js";
export type { Route as ProxyRoute } from "./routes.js";
export { decodeSse, decodeSseBatches, type SseEvent, type SseOptions } from "./sse.js";
export { createStatusError, type StatusAnswer } from "./status-error.js";
export type {
  AttemptReport,
  CompressionRefusedReport,
  RecoveryReport,
  RedirectReport,
  RequestTelemetry,
  RetryReport,
} from "./telemetry.js";
export type { TraceContext, TraceSource } from "./trace.js";
export { createTransport, type Transport } from "./transport.js";
export type { TransportOptions } from "./transport-options.js";
export { createTrustedRoots } from "./trusted-roots.js";
export type {
  WebSocketCloseOptions,
  WebSocketConnection,
  WebSocketReadOptions,
  WebSocketSendOptions,
  WebSocketTransport,
} from "./websocket.js";
export type { WebSocketOptions, WebSocketRequest } from "./websocket-options.js";
