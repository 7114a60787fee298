import { expect, test } from "vitest";
import {
  parsePromoMessage,
  parseRateLimitEvent,
  parseRateLimitFor,
  parseRateLimits,
  parseReachedType,
} from "../src/index.js";
import { readVectors } from "./support/read-vectors.js";

interface RateLimitVector {
  readonly name: string;
  readonly input: {
    readonly function: "all" | "event" | "for_limit" | "promo" | "reached_type";
    readonly headers: Readonly<Record<string, string | { readonly bytes: readonly number[] }>>;
    readonly limit_id?: string | null;
    readonly payload?: string;
  };
  readonly expected: unknown;
}

const { cases } = readVectors<{ readonly cases: readonly RateLimitVector[] }>("rate-limits");

test.each(cases.map((vector) => [vector.name, vector] as const))(
  "vector %s",
  (_name, { input, expected }) => {
    expect(call(input)).toStrictEqual(expected);
  },
);

function call(input: RateLimitVector["input"]): unknown {
  // Node gives header bytes as Latin-1.
  const headers = new Headers(
    Object.entries(input.headers).map(([name, value]): [string, string] => [
      name,
      typeof value === "string" ? value : Buffer.from(value.bytes).toString("latin1"),
    ]),
  );
  switch (input.function) {
    case "all":
      return parseRateLimits(headers);
    case "event":
      return parseRateLimitEvent(JSON.parse(input.payload ?? ""));
    case "for_limit":
      return parseRateLimitFor(headers, input.limit_id ?? undefined);
    case "promo":
      return parsePromoMessage(headers);
    case "reached_type":
      return parseReachedType(headers);
  }
}

test("of a repeated header the first value counts", () => {
  const headers = new Headers();
  headers.append("x-codex-primary-used-percent", "12.5");
  headers.append("x-codex-primary-used-percent", "99");
  headers.append("x-codex-credits-has-credits", "true");
  headers.append("x-codex-credits-has-credits", "false");
  headers.append("x-codex-credits-unlimited", "0");

  expect(parseRateLimitFor(headers)).toMatchObject({
    primary: { used_percent: 12.5 },
    credits: { has_credits: true },
  });
});

test.each(["1e999", "Infinity", "inf", "1_0", "0x10", "1.2.3", "."])("%s is no percentage", (text) => {
  const headers = new Headers({ "x-codex-primary-used-percent": text });
  expect(parseRateLimitFor(headers).primary).toBeNull();
});

test.each(["9223372036854775808", "1.0", "1e3", ""])("%j is no window length", (text) => {
  const headers = new Headers({
    "x-codex-primary-used-percent": "1",
    "x-codex-primary-window-minutes": text,
  });
  expect(parseRateLimitFor(headers).primary?.window_minutes).toBeNull();
});

test("families come in the order of their ids, not of their headers", () => {
  const headers = new Headers({
    "x-a-b-primary-used-percent": "1",
    "x-a0-primary-used-percent": "1",
  });
  expect(parseRateLimits(headers).map(({ limit_id }) => limit_id)).toEqual(["codex", "a0", "a_b"]);
});

test("a window of no minutes that is not used and never starts anew is none", () => {
  const headers = new Headers({
    "x-codex-primary-used-percent": "0",
    "x-codex-primary-window-minutes": "0",
  });
  expect(parseRateLimitFor(headers).primary).toBeNull();
});

test("a negative zero is a zero", () => {
  const headers = new Headers({
    "x-codex-primary-used-percent": "-0",
    "x-codex-primary-reset-at": "-0",
  });
  expect(parseRateLimitFor(headers).primary).toStrictEqual({
    used_percent: 0,
    window_minutes: null,
    resets_at: 0,
  });
});

test("an id finds its headers in any spelling", () => {
  const headers = new Headers({ "x-codex-other-limit-name": "Other" });
  expect(parseRateLimitFor(headers, " Codex-Other ")).toMatchObject({
    limit_id: "codex_other",
    limit_name: "Other",
  });
});

test.each([
  ["windows of zeros are kept", { rate_limits: { primary: { used_percent: 0 } } }, { used_percent: 0 }],
  ["null is the same as missing", { rate_limits: { primary: null, secondary: null } }, null],
])("in an event %s", (_name, members, primary) => {
  const snapshot = parseRateLimitEvent({ type: "codex.rate_limits", ...members });
  expect(snapshot?.primary ?? null).toEqual(primary && { ...primary, window_minutes: null, resets_at: null });
});

test("an event gives plan and credits", () => {
  const snapshot = parseRateLimitEvent({
    type: "codex.rate_limits",
    plan_type: "plus",
    metered_limit_name: "Codex-Cloud",
    limit_name: "other",
    credits: { has_credits: true, unlimited: false, balance: "3" },
  });
  expect(snapshot).toMatchObject({
    limit_id: "codex_cloud",
    limit_name: null,
    plan_type: "plus",
    credits: { has_credits: true, unlimited: false, balance: "3" },
  });
});

test.each([
  null,
  [],
  "codex.rate_limits",
  { type: "codex.rate_limits", plan_type: 1 },
  { type: "codex.rate_limits", limit_name: 1 },
  { type: "codex.rate_limits", credits: { has_credits: true } },
  { type: "codex.rate_limits", credits: { has_credits: true, unlimited: false, balance: 3 } },
  { type: "codex.rate_limits", rate_limits: [] },
  { type: "codex.rate_limits", rate_limits: { secondary: {} } },
])("%j is no rate-limit event", (payload) => {
  expect(parseRateLimitEvent(payload)).toBeNull();
});
