import type { RefreshReason } from "../oauth/refresh-request.js";
import { decodeJwtPayload, integerClaim } from "./jwt.js";

/** When tokens are to be refreshed, in epoch milliseconds of a right clock; `Infinity` for never. */
export interface TokenSchedule {
  /** From then on they are refreshed before they are used. */
  readonly refreshAtMs: number;
  /** From then on the access token is worth nothing. `Infinity` when it does not say. */
  readonly expiresAtMs: number;
  /** When the issuer made the access token, if it says. */
  readonly issuedAtMs: number | undefined;
  readonly reason: Extract<RefreshReason, "proactive_expiry" | "scheduled">;
}

const longestMarginMs = 5 * 60_000;
const scheduledAfterMs = 8 * 24 * 3600_000;
const never = Number.POSITIVE_INFINITY;

/**
 * Decides when an access token is refreshed: five minutes before it expires, or half its lifetime if that is less.
 * One that does not say when it expires is refreshed eight days after `lastRefreshMs`.
 */
export function tokenSchedule(
  accessToken: string | undefined,
  lastRefreshMs: number | undefined,
): TokenSchedule {
  const { issuedAtMs, expiresAtMs } = readTimes(accessToken ?? "");
  if (expiresAtMs === undefined) {
    const refreshAtMs = lastRefreshMs === undefined ? never : lastRefreshMs + scheduledAfterMs;
    return { refreshAtMs, expiresAtMs: never, issuedAtMs, reason: "scheduled" };
  }
  const lifetimeMs = issuedAtMs === undefined ? never : Math.max(0, expiresAtMs - issuedAtMs);
  const marginMs = Math.min(longestMarginMs, lifetimeMs / 2);
  return { refreshAtMs: expiresAtMs - marginMs, expiresAtMs, issuedAtMs, reason: "proactive_expiry" };
}

function readTimes(accessToken: string): {
  issuedAtMs?: number | undefined;
  expiresAtMs?: number | undefined;
} {
  try {
    const claims = decodeJwtPayload(accessToken);
    return { issuedAtMs: toMs(integerClaim(claims, "iat")), expiresAtMs: toMs(integerClaim(claims, "exp")) };
  } catch {
    // Not a JWT, which an access token need not be.
    return {};
  }
}

function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
