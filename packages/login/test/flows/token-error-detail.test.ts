import { expect, test } from "vitest";
import { tokenErrorDetail } from "../../src/flows/token-error-detail.js";

test.each([
  ['{"error":"invalid_grant","error_description":"The code is expired."}', "The code is expired."],
  ['{"error":{"message":"No such account","code":"account_missing"}}', "No such account"],
  ['{"error":"invalid_grant","error_description":"  "}', "invalid_grant"],
  ['{"error":{"code":"account_missing"}}', "account_missing"],
  ["  service unavailable \n", "service unavailable"],
  ["", "unknown error"],
  ["   ", "unknown error"],
  ['{"access_token":"what is it doing here"}', "unknown error"],
])("of %j, %j is shown", (body, detail) => {
  expect(tokenErrorDetail(body, [])).toBe(detail);
});

test("what was sent is not shown, in whichever form it comes back", () => {
  const secret = 'co de/"1';
  const echoed = `got ${secret}, ${encodeURIComponent(secret)} and ${JSON.stringify(secret)}`;
  expect(tokenErrorDetail(echoed, [secret, ""])).toBe('got [redacted], [redacted] and "[redacted]"');
});

test("a long text is cut, and one that would forge a line is put on one line", () => {
  const detail = tokenErrorDetail(`no\r\n2026-11-22 login succeeded\u202e\u001b[2J${"x".repeat(1000)}`, []);
  expect(detail).toMatch(/^no 2026-11-22 login succeeded \[2Jx+…$/);
  expect(detail.length).toBeLessThan(310);
});
