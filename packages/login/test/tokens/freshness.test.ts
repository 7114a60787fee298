import { expect, test } from "vitest";
import { ClockLead } from "../../src/tokens/clock-lead.js";
import { tokenSchedule } from "../../src/tokens/freshness.js";
import { unsignedJwt } from "../support/jwt.js";

const now = Date.UTC(2026, 10, 23, 12);
const seconds = now / 1000;
const minute = 60_000;
const day = 24 * 3600_000;

function jwt(expiresIn: number, lifetime?: number): string {
  const exp = seconds + expiresIn;
  return unsignedJwt(lifetime === undefined ? { exp } : { exp, iat: exp - lifetime });
}

function isDue(token: string | undefined, lastRefreshMs?: number): boolean {
  return now >= tokenSchedule(token, lastRefreshMs).refreshAtMs;
}

test.each<[string, string, number | undefined, boolean]>([
  ["expires in 6 minutes", jwt(360), now - day, false],
  ["expires in 5 minutes", jwt(300), now - day, true],
  ["expires in 4 minutes", jwt(240), now, true],
  ["expires in an hour, stored 9 days ago", jwt(3600), now - 9 * day, false],
  ["expired an hour ago, stored a day ago", jwt(-3600), now - day, true],
  ["lives 300 s and has 200 left", jwt(200, 300), now - 100_000, false],
  ["lives 300 s and has 150 left", jwt(150, 300), now - 150_000, true],
  ["lives 10 days and has 6 minutes left", jwt(360, 864_000), undefined, false],
  ["lives 10 days and has 4 minutes left", jwt(240, 864_000), undefined, true],
  ["is opaque, stored 7 days ago", "opaque", now - 7 * day, false],
  ["is opaque, stored 9 days ago", "opaque", now - 9 * day, true],
  ["is opaque, stored nobody knows when", "opaque", undefined, false],
  ["has no expiry, stored 9 days ago", unsignedJwt({ iat: seconds }), now - 9 * day, true],
])("a token that %s", (_name, token, lastRefreshMs, expected) => {
  expect(isDue(token, lastRefreshMs)).toBe(expected);
});

test("no token is never due", () => {
  expect(isDue(undefined)).toBe(false);
});

test.each([
  ["JWT", jwt(0), "proactive_expiry"],
  ["opaque token", "opaque", "scheduled"],
])("tells why a %s is refreshed", (_name, token, reason) => {
  expect(tokenSchedule(token, now).reason).toBe(reason);
});

test("knows when the access token is worth nothing", () => {
  expect(tokenSchedule(jwt(60, 600), now).expiresAtMs).toBe(now + minute);
  expect(tokenSchedule("opaque", now).expiresAtMs).toBe(Number.POSITIVE_INFINITY);
});

function leadAfter(token: string, lastRefreshMs: number | undefined): number {
  const lead = new ClockLead();
  lead.observe(tokenSchedule(token, lastRefreshMs), lastRefreshMs, now);
  return lead.ms;
}

test("a right clock leads by nothing, also when tokens live for a short time", () => {
  expect(leadAfter(jwt(3600, 3600), now)).toBe(0);
  expect(leadAfter(jwt(60, 60), now)).toBe(0);
});

test("learns from a new token that looks old that the clock is ahead", () => {
  expect(leadAfter(jwt(0, 3600), now)).toBe(60 * minute);
  expect(leadAfter(jwt(240, 3600), now)).toBe(56 * minute);
});

test("uses a token for a minute when it does not say when it was made", () => {
  const lead = leadAfter(jwt(-3600), now);
  const { refreshAtMs } = tokenSchedule(jwt(-3600), now);
  expect(now - lead).toBe(refreshAtMs - minute);
});

test.each([
  ["a while ago", now - 2 * minute],
  ["in the future", now + minute],
  ["nobody knows when", undefined],
])("learns nothing from a token that was stored %s", (_name, lastRefreshMs) => {
  expect(leadAfter(jwt(0, 3600), lastRefreshMs)).toBe(0);
});

test("forgets the lead with the first token that is right", () => {
  const lead = new ClockLead();
  lead.observe(tokenSchedule(jwt(0, 3600), now), now, now);
  lead.observe(tokenSchedule(jwt(3600, 3600), now), now, now);
  expect(lead.ms).toBe(0);
});
