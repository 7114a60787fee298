import { inspect } from "node:util";
import { expect, test } from "vitest";
import { redactHeaders, redactUrl, Secret } from "../src/redaction.js";

test("a secret shows itself only when asked", () => {
  const secret = new Secret("hunter2");
  expect(secret.reveal()).toBe("hunter2");
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: [secret] }, { depth: 9, showHidden: true }),
    JSON.stringify(Object.entries(secret)),
  ];
  expect(shown.join()).not.toContain("hunter2");
  expect(String(secret)).toBe("[redacted]");
  expect(inspect({ secret })).toBe("{ secret: [redacted] }");
});

test.each([
  { Authorization: "Bearer x", "X-Request-Id": "req_1", "x-new": "y", empty: undefined },
  new Headers({ authorization: "Bearer x", "x-request-id": "req_1", "x-new": "y" }),
])("shows only headers that are known to be harmless", (headers) => {
  expect(redactHeaders(headers)).toEqual({
    authorization: "[redacted]",
    "x-new": "[redacted]",
    "x-request-id": "req_1",
  });
});

test.each([
  ["https://user:pass@host:8443/path?key=secret#fragment", "https://host:8443/path"],
  ["http://[::1]/", "http://[::1]/"],
  ["user:pass@host", "[invalid URL]"],
  ["/path?key=secret", "[invalid URL]"],
])("redacts %s", (url, shown) => {
  expect(redactUrl(url)).toBe(shown);
});
