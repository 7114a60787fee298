import type { PhaseLimit } from "./exchange-guard.js";
import type { ExchangeOptions, TransportRequest } from "./request.js";

/** The time limits of an exchange. */
export interface PhaseLimits {
  readonly attempt: PhaseLimit | undefined;
  readonly connect: PhaseLimit;
  readonly headers: PhaseLimit;
}

/** Makes the limits of a transport, which its exchanges share. */
export function defaultPhaseLimits(connectTimeoutMs: number, headersTimeoutMs: number): PhaseLimits {
  return {
    attempt: undefined,
    connect: connectLimit(connectTimeoutMs),
    headers: headersLimit(headersTimeoutMs),
  };
}

/** Replaces the limits that a request or its options set. */
export function toPhaseLimits(
  defaults: PhaseLimits,
  { timeoutMs }: TransportRequest,
  { connectTimeoutMs, headersTimeoutMs }: ExchangeOptions,
): PhaseLimits {
  if (timeoutMs === undefined && connectTimeoutMs === undefined && headersTimeoutMs === undefined)
    return defaults;
  return {
    attempt: timeoutMs === undefined ? defaults.attempt : attemptLimit(timeoutMs),
    connect: connectTimeoutMs === undefined ? defaults.connect : connectLimit(connectTimeoutMs),
    headers: headersTimeoutMs === undefined ? defaults.headers : headersLimit(headersTimeoutMs),
  };
}

function attemptLimit(milliseconds: number): PhaseLimit {
  return { code: "request_timeout", option: "timeoutMs", event: "the attempt was complete", milliseconds };
}

function connectLimit(milliseconds: number): PhaseLimit {
  const event = "the connection was established";
  return { code: "connect_timeout", option: "connectTimeoutMs", event, milliseconds };
}

function headersLimit(milliseconds: number): PhaseLimit {
  const event = "the head of the answer arrived";
  return { code: "headers_timeout", option: "headersTimeoutMs", event, milliseconds };
}
