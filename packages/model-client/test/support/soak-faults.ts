import type { Fault } from "@codex-ts/testkit";
import type { SeededRandom } from "./random.js";

/** Something to go wrong with a turn, and what the turn may fail with then. */
export interface PlannedFault {
  readonly fault: Fault;
  /** Kind of the error; nothing: the turn has to be completed. */
  readonly error?: string;
}

type FaultMaker = (random: SeededRandom) => PlannedFault;

const some = (random: SeededRandom): number => 1 + random.below(3);

const onDelivery: readonly FaultMaker[] = [
  (random) => ({ fault: { kind: "cut", afterBytes: random.below(2500), times: some(random) } }),
  () => ({ fault: { kind: "cut", afterBytes: Number.POSITIVE_INFINITY } }),
  (random) => ({ fault: { kind: "stall", afterBytes: random.below(1500) } }),
  () => ({ fault: { kind: "drip", bytes: 200, intervalMs: 1 } }),
  () => ({ fault: { kind: "byte_by_byte" } }),
  (random) => ({ fault: { kind: "no_completed", times: some(random) } }),
  () => ({ fault: { kind: "oversize", bytes: 300_000 } }),
];

const onHttp: readonly FaultMaker[] = [
  ...onDelivery,
  (random) => ({ fault: { kind: "status", status: random.pick([500, 502, 503, 504]), times: some(random) } }),
  () => ({ fault: { kind: "status", status: 503, headers: { "retry-after-ms": "3" } } }),
  () => ({ fault: { kind: "status", status: 404 } }),
  (random) => ({ fault: { kind: "unauthorized", times: some(random) } }),
  () => ({ fault: { kind: "rate_limit", retryAfter: "0" } }),
  () => ({ fault: { kind: "html", status: 502 } }),
  (random) => ({ fault: { kind: "reset", times: some(random) } }),
  () => ({ fault: { kind: "stall_headers" } }),
  () => ({ fault: { kind: "crlf" } }),
  () => ({ fault: { kind: "gzip" } }),
  (random) => ({ fault: { kind: "reset_reading", afterBytes: random.below(500) } }),
  (random) => ({ fault: { kind: "stop_reading", afterBytes: random.below(500) } }),
  () => ({ fault: { kind: "rate_limit" }, error: "retry_limit" }),
  () => ({ fault: { kind: "rate_limit", retryAfter: "3600" }, error: "retry_limit" }),
  () => ({ fault: { kind: "usage_limit" }, error: "usage_limit_reached" }),
  () => ({ fault: { kind: "status", status: 400 }, error: "invalid_request" }),
  () => ({ fault: { kind: "html" }, error: "html_challenge" }),
  () => ({ fault: { kind: "redirect", to: "http://127.0.0.1:9/" }, error: "unexpected_status" }),
  () => ({ fault: { kind: "no_completed", times: 99 }, error: "stream" }),
];

const onWebSocket: readonly FaultMaker[] = [
  ...onDelivery,
  (random) => ({
    fault: {
      kind: "close",
      code: random.pick([1000, 1001, 1011, 1012, 1008, 1009]),
      afterEvents: random.below(8),
    },
  }),
  (random) => ({
    fault: { kind: "error_event", status: random.pick([401, 500, 502]), afterEvents: random.below(8) },
  }),
  (random) => ({
    fault: {
      kind: "error_event",
      status: 400,
      code: random.pick(["websocket_connection_limit_reached", "previous_response_not_found"]),
      times: some(random),
    },
  }),
  () => ({ fault: { kind: "error_event", status: 429, headers: { "retry-after-ms": "3" } } }),
  (random) => ({ fault: { kind: "binary", afterEvents: random.below(8) } }),
  () => ({ fault: { kind: "cut", afterBytes: 0, times: 99, over: "websocket" } }),
  () => ({ fault: { kind: "error_event", status: 400, message: "no" }, error: "invalid_request" }),
  () => ({ fault: { kind: "error_event", status: 429 }, error: "retry_limit" }),
];

/** They happen only where a connection is opened, so that a fresh client is made for them. */
const onUpgrade: readonly FaultMaker[] = [
  (random) => ({ fault: { kind: "status", status: random.pick([403, 404, 426, 500]), over: "websocket" } }),
  (random) => ({ fault: { kind: "unauthorized", over: "websocket", times: some(random) } }),
  () => ({ fault: { kind: "html", over: "websocket" } }),
  () => ({ fault: { kind: "reset", over: "websocket" } }),
  () => ({ fault: { kind: "stall_headers", over: "websocket" } }),
  () => ({ fault: { kind: "usage_limit", over: "websocket" }, error: "usage_limit_reached" }),
];

/** Plans a fault for a turn. */
export function planFault(random: SeededRandom, isWebSocket: boolean, isFresh: boolean): PlannedFault {
  const makers = isWebSocket ? (isFresh ? onUpgrade : onWebSocket) : onHttp;
  return random.pick(makers)(random);
}
