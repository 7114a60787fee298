import { matchesPath } from "./request-log.js";

/** Which requests a fault is for. */
export interface FaultTarget {
  /** The end of the path, or an expression that it matches. Default `/responses`. */
  readonly path?: string | RegExp | undefined;
  /** How many requests it hits; `Infinity` for all to come. Default 1. */
  readonly times?: number | undefined;
  /** Hits only what comes over this; `websocket` means an upgrade or a message. Default: either. */
  readonly over?: "http" | "websocket" | undefined;
}

/**
 * Faults that take the place of the answer, to a request or to the upgrade to a WebSocket. The credential is not looked
 * at, no script is consumed.
 */
export type ReplacingFault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      /** Default: a JSON error of the backend's shape. */
      readonly body?: string | Uint8Array | undefined;
    }
  /** 401; the default body says `token_expired`. */
  | { readonly kind: "unauthorized"; readonly body?: string | undefined }
  /** 429 `rate_limit_exceeded`, with `Retry-After` as given, or without it. */
  | { readonly kind: "rate_limit"; readonly retryAfter?: string | undefined }
  /** 429 `usage_limit_reached`, the final one of a used-up plan. `resetsAt` in Unix seconds. */
  | {
      readonly kind: "usage_limit";
      readonly planType?: string | undefined;
      readonly resetsAt?: number | undefined;
    }
  /** `to` is sent as `Location`, as it is. Default status 307. */
  | { readonly kind: "redirect"; readonly to: string; readonly status?: number | undefined }
  /** A challenge page like that of the edge network. Default status 403. */
  | { readonly kind: "html"; readonly status?: number | undefined }
  /** Takes the request and never answers. */
  | { readonly kind: "stall_headers" }
  /** Resets the connection (RST) before any answer. */
  | { readonly kind: "reset" };

/**
 * Faults in the delivery of an answer that is otherwise the right one. Bytes count from the start of the body; over a
 * WebSocket they are those of the answer's messages, which are not cut apart.
 */
export type DeliveryFault =
  /** Closes the connection after so many bytes of the body; `Infinity`: after all of them, before the body's end. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** Keeps the connection open after so many bytes, and sends no more. Default 0: only headers; `Infinity`: all. */
  | { readonly kind: "stall"; readonly afterBytes?: number | undefined }
  /** Sends so many bytes at a time, with a pause after each; over a WebSocket as fragments of its messages. */
  | { readonly kind: "drip"; readonly bytes: number; readonly intervalMs: number }
  /** Sends each byte by itself. */
  | { readonly kind: "byte_by_byte" }
  /** Ends each line with CRLF. Over HTTP only. */
  | { readonly kind: "crlf" }
  /** Ends the body, or closes the WebSocket, properly but without the terminal event. */
  | { readonly kind: "no_completed" }
  /** Compresses the body, whatever the client accepts. Over HTTP only. */
  | { readonly kind: "gzip" }
  /** Puts one more event after the first, of exactly so many bytes of data (256 to 2^28): a finished image. */
  | { readonly kind: "oversize"; readonly bytes: number };

/** Faults while the body of a request comes in. Over HTTP only. */
export type IntakeFault =
  /** Reads so many bytes of the body and no more. The connection stays open. */
  | { readonly kind: "stop_reading"; readonly afterBytes: number }
  /** Resets the connection (RST) after so many bytes of the body. */
  | { readonly kind: "reset_reading"; readonly afterBytes: number };

/** Faults in the answer to a message of a WebSocket. `afterEvents` so many events of the answer come first; default 0. */
export type WebSocketFault =
  /** Closes the connection, by default with code 1011. */
  | {
      readonly kind: "close";
      readonly code?: number | undefined;
      readonly reason?: string | undefined;
      readonly afterEvents?: number | undefined;
    }
  /** Sends an event of type `error`; by default status 500, `code` null. The connection stays open. */
  | {
      readonly kind: "error_event";
      readonly status?: number | undefined;
      readonly code?: string | undefined;
      readonly message?: string | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly afterEvents?: number | undefined;
    }
  /** Sends a binary message. */
  | { readonly kind: "binary"; readonly afterEvents?: number | undefined };

/** Something to go wrong with a request to come. */
export type Fault = FaultTarget & (ReplacingFault | DeliveryFault | IntakeFault | WebSocketFault);

/** What takes a fault: a request over HTTP, its body, the upgrade to a WebSocket, or a message on one. */
type FaultTaker = "intake" | "message" | "request" | "upgrade";

/** The faults still to come, oldest first. */
export class FaultQueue {
  #pending: { readonly fault: Fault; left: number }[] = [];

  /** @throws TypeError for a count that cannot be. */
  add(fault: Fault): void {
    checkCounts(fault);
    this.#pending.push({ fault, left: fault.times ?? 1 });
  }

  /** Takes the first fault that is meant for this path, and that can happen there. */
  take(path: string, taker: "request"): Extract<Fault, ReplacingFault | DeliveryFault> | undefined;
  take(path: string, taker: "intake"): Extract<Fault, IntakeFault> | undefined;
  take(path: string, taker: "upgrade"): Extract<Fault, ReplacingFault> | undefined;
  take(path: string, taker: "message"): Extract<Fault, DeliveryFault | WebSocketFault> | undefined;
  take(path: string, taker: FaultTaker): Fault | undefined {
    const entry = this.#pending.find(
      ({ fault }) => matchesPath(path, fault.path ?? "/responses") && isFor(fault, taker),
    );
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#pending = this.#pending.filter((other) => other !== entry);
    return entry.fault;
  }

  clear(): void {
    this.#pending = [];
  }
}

/** Tells whether a fault takes the place of an answer. */
export function isReplacing(fault: Fault): fault is Extract<Fault, ReplacingFault> {
  return replacingKinds.has(fault.kind);
}

const replacingKinds: ReadonlySet<string> = new Set<ReplacingFault["kind"]>([
  "html",
  "rate_limit",
  "redirect",
  "reset",
  "stall_headers",
  "status",
  "unauthorized",
  "usage_limit",
]);
const httpKinds: ReadonlySet<string> = new Set<DeliveryFault["kind"]>(["crlf", "gzip"]);
const intakeKinds: ReadonlySet<string> = new Set<IntakeFault["kind"]>(["reset_reading", "stop_reading"]);
const webSocketKinds: ReadonlySet<string> = new Set<WebSocketFault["kind"]>([
  "binary",
  "close",
  "error_event",
]);

function isFor(fault: Fault, taker: FaultTaker): boolean {
  const isHttp = taker === "request" || taker === "intake";
  if (fault.over !== undefined && (fault.over === "http") !== isHttp) return false;
  if (intakeKinds.has(fault.kind)) return taker === "intake";
  switch (taker) {
    case "intake":
      return false;
    case "request":
      return !webSocketKinds.has(fault.kind);
    case "upgrade":
      return isReplacing(fault);
    case "message":
      return !isReplacing(fault) && !httpKinds.has(fault.kind);
  }
}

function checkCounts(fault: Fault): void {
  demand("times", fault.times ?? 1, 1, Number.POSITIVE_INFINITY);
  if ("afterBytes" in fault) demand("afterBytes", fault.afterBytes ?? 0, 0, Number.POSITIVE_INFINITY);
  if (fault.kind === "drip") demand("bytes", fault.bytes, 1, Number.MAX_SAFE_INTEGER);
  if (fault.kind === "oversize") demand("bytes", fault.bytes, 256, 2 ** 28);
  if ("afterEvents" in fault) demand("afterEvents", fault.afterEvents ?? 0, 0, Number.MAX_SAFE_INTEGER);
}

function demand(name: string, value: number, least: number, most: number): void {
  const isCount = Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
  if (isCount && value >= least && value <= most) return;
  throw new TypeError(`fault.${name} must be a whole number from ${least} to ${most}`);
}
