import { Secret } from "@codex-ts/client";
import { expect, test } from "vitest";
import { needsRefresh } from "../src/enrollment.js";
import { parseRfc3339 } from "../src/rfc3339.js";
import { uuidV7 } from "../src/uuid-v7.js";

const enrollment = {
  websocketUrl: "w",
  accountId: "a",
  serverId: "s",
  environmentId: "e",
  serverName: "n",
};

test.each([
  [31_000, false],
  [30_999, true],
  [30_000, true],
  [0, true],
  [-1000, true],
])("a token that ends in %i ms has to be renewed: %s", (ms, expected) => {
  const now = 1_700_000_000_000;
  const token = { secret: new Secret("t"), expiresAtMs: now + ms };
  expect(needsRefresh({ ...enrollment, token }, now)).toBe(expected);
});

test("so does none", () => {
  expect(needsRefresh(enrollment, 0)).toBe(true);
});

test.each([
  ["2026-07-01T00:00:00Z", Date.UTC(2026, 6, 1)],
  ["2026-07-01t01:30:00.25+01:30", Date.UTC(2026, 6, 1) + 250],
  ["2026-12-31 23:59:60Z", Date.UTC(2026, 11, 31, 23, 59, 59)],
  ["2026-02-30T00:00:00Z", undefined],
  ["2026-07-01", undefined],
  ["2026-07-01T00:00:00", undefined],
  ["2026-07-01T25:00:00Z", undefined],
  ["tomorrow", undefined],
])("reads the time %s", (text, expected) => {
  expect(parseRfc3339(text)).toBe(expected);
});

test("ids of streams sort by their time", () => {
  const [first, second] = [uuidV7(1_000_000), uuidV7(1_000_001)] as const;
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first < second).toBe(true);
});
