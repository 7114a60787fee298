import {
  type RateLimitCredits,
  type RateLimitReachedType,
  type RateLimitSnapshot,
  type RateLimitWindow,
  rateLimitReachedTypes,
} from "@codex-ts/protocol";
import { headerText, headerToken } from "./header-value.js";
import { isInt64 } from "./int64.js";

/**
 * Reads every family of rate limits from the headers of an answer.
 *
 * @returns First the `codex` family, also when nothing is known about it, then the others that say something, in
 * ascending order of their ids.
 */
export function parseRateLimits(headers: Headers): RateLimitSnapshot[] {
  const others = new Set<string>();
  for (const name of headers.keys()) {
    const family = familyHeader.exec(name)?.[1];
    if (family !== undefined) others.add(toLimitId(family));
  }
  others.delete(defaultLimitId);
  return [
    parseRateLimitFor(headers),
    ...[...others]
      .sort()
      .map((limitId) => parseRateLimitFor(headers, limitId))
      .filter(
        ({ primary, secondary, credits }) => primary !== null || secondary !== null || credits !== null,
      ),
  ];
}

/**
 * Reads one family of rate limits from the headers of an answer. Credits belong to the account, so every family
 * shows the same.
 *
 * @param limitId - In any case, with dashes or underscores. Blank or left out, it is `codex`.
 */
export function parseRateLimitFor(headers: Headers, limitId?: string): RateLimitSnapshot {
  const id = toLimitId(limitId);
  const prefix = `x-${id.replaceAll("_", "-")}`;
  return {
    limit_id: id,
    limit_name: trimmedHeader(headers, `${prefix}-limit-name`),
    primary: parseWindow(headers, `${prefix}-primary`),
    secondary: parseWindow(headers, `${prefix}-secondary`),
    credits: parseCredits(headers),
    individual_limit: null,
    plan_type: null,
    rate_limit_reached_type: null,
  };
}

/** Reads the server's offer that goes with a used-up limit, or null. */
export function parsePromoMessage(headers: Headers): string | null {
  return trimmedHeader(headers, "x-codex-promo-message");
}

/** Reads which limit was reached, or null when the server does not say or says something new. */
export function parseReachedType(headers: Headers): RateLimitReachedType | null {
  const text = trimmedHeader(headers, "x-codex-rate-limit-reached-type");
  return rateLimitReachedTypes.find((type) => type === text) ?? null;
}

/** Gives the normal form of a limit's id: trimmed, lower case, with underscores. Blank or missing, it is `codex`. */
export function toLimitId(text: string | undefined): string {
  const id = text?.trim().toLowerCase().replaceAll("-", "_") ?? "";
  return id === "" ? defaultLimitId : id;
}

const defaultLimitId = "codex";
const familyHeader = /^x-(.+)-primary-used-percent$/;

function parseWindow(headers: Headers, prefix: string): RateLimitWindow | null {
  const usedPercent = parseFloat64(headerToken(headers, `${prefix}-used-percent`));
  if (usedPercent === null) return null;
  const windowMinutes = parseInt64(headerToken(headers, `${prefix}-window-minutes`));
  const resetsAt = parseInt64(headerToken(headers, `${prefix}-reset-at`));
  // All zeros is how the server says that there is no such window.
  if (usedPercent === 0 && (windowMinutes ?? 0) === 0 && resetsAt === null) return null;
  return { used_percent: usedPercent, window_minutes: windowMinutes, resets_at: resetsAt };
}

function parseCredits(headers: Headers): RateLimitCredits | null {
  const hasCredits = parseBoolean(headerToken(headers, "x-codex-credits-has-credits"));
  const unlimited = parseBoolean(headerToken(headers, "x-codex-credits-unlimited"));
  if (hasCredits === null || unlimited === null) return null;
  const balance = trimmedHeader(headers, "x-codex-credits-balance");
  return { has_credits: hasCredits, unlimited, balance };
}

function trimmedHeader(headers: Headers, name: string): string | null {
  const text = headerText(headers, name)?.trim() ?? "";
  return text === "" ? null : text;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const integer = /^[+-]?\d+$/;

function parseFloat64(text: string | undefined): number | null {
  if (text === undefined || !decimal.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? withoutNegativeZero(value) : null;
}

function parseInt64(text: string | undefined): number | null {
  if (text === undefined || !integer.test(text)) return null;
  const value = Number(text);
  return isInt64(value) ? withoutNegativeZero(value) : null;
}

function withoutNegativeZero(value: number): number {
  return value + 0;
}

function parseBoolean(text: string | undefined): boolean | null {
  switch (text?.toLowerCase()) {
    case "true":
    case "1":
      return true;
    case "false":
    case "0":
      return false;
    default:
      return null;
  }
}
