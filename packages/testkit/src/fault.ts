import { matchesPath } from "./request-log.js";

/** Which requests a fault is for. */
export interface FaultTarget {
  /** The end of the path, or an expression that it matches. Default `/responses`. */
  readonly path?: string | RegExp | undefined;
  /** How many requests it hits; `Infinity` for all to come. Default 1. */
  readonly times?: number | undefined;
}

/** Faults that take the place of the answer. The credential is not looked at, no script is consumed. */
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

/** Faults in the delivery of an answer that is otherwise the right one. Bytes count from the start of the body. */
export type DeliveryFault =
  /** Closes the connection after so many bytes of the body; `Infinity`: after all of them, before the body's end. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** Keeps the connection open after so many bytes, and sends no more. Default 0: only headers; `Infinity`: all. */
  | { readonly kind: "stall"; readonly afterBytes?: number | undefined }
  /** Sends so many bytes at a time, with a pause after each. */
  | { readonly kind: "drip"; readonly bytes: number; readonly intervalMs: number }
  /** Sends each byte by itself. */
  | { readonly kind: "byte_by_byte" }
  /** Ends each line with CRLF. */
  | { readonly kind: "crlf" }
  /** Ends the body properly, but without its terminal event. */
  | { readonly kind: "no_completed" }
  /** Compresses the body, whatever the client accepts. */
  | { readonly kind: "gzip" }
  /** Puts one more event after the first, of exactly so many bytes of data (256 to 2^28): a finished image. */
  | { readonly kind: "oversize"; readonly bytes: number };

/** Something to go wrong with a request to come. */
export type Fault = FaultTarget & (ReplacingFault | DeliveryFault);

/** The faults still to come, oldest first. */
export class FaultQueue {
  #pending: { readonly fault: Fault; left: number }[] = [];

  /** @throws TypeError for a count that cannot be. */
  add(fault: Fault): void {
    checkCounts(fault);
    this.#pending.push({ fault, left: fault.times ?? 1 });
  }

  /** Takes the first fault that is meant for this path. */
  take(path: string): Fault | undefined {
    const entry = this.#pending.find(({ fault }) => matchesPath(path, fault.path ?? "/responses"));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#pending = this.#pending.filter((other) => other !== entry);
    return entry.fault;
  }

  clear(): void {
    this.#pending = [];
  }
}

function checkCounts(fault: Fault): void {
  demand("times", fault.times ?? 1, 1, Number.POSITIVE_INFINITY);
  if (fault.kind === "cut" || fault.kind === "stall") {
    demand("afterBytes", fault.afterBytes ?? 0, 0, Number.POSITIVE_INFINITY);
  }
  if (fault.kind === "drip") demand("bytes", fault.bytes, 1, Number.MAX_SAFE_INTEGER);
  if (fault.kind === "oversize") demand("bytes", fault.bytes, 256, 2 ** 28);
}

function demand(name: string, value: number, least: number, most: number): void {
  const isCount = Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
  if (isCount && value >= least && value <= most) return;
  throw new TypeError(`fault.${name} must be a whole number from ${least} to ${most}`);
}
