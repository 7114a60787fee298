import { expect, test } from "vitest";
import { redactLoginUrl } from "../../src/index.js";

test.each([
  [
    "http://localhost:1455/auth/callback?code=abc&redirect_uri=http%3A%2F%2Flocalhost",
    "http://localhost:1455/auth/callback?code=%3Credacted%3E&redirect_uri=http%3A%2F%2Flocalhost",
  ],
  [
    "https://user:pass@example.com/base?token=abc123&env=prod#access_token=abc",
    "https://example.com/base?token=%3Credacted%3E&env=prod",
  ],
  [
    "https://example.com/?STATE=abc&Id_Token=x",
    "https://example.com/?STATE=%3Credacted%3E&Id_Token=%3Credacted%3E",
  ],
  ["https://example.com/plain", "https://example.com/plain"],
  ["not a url with code=abc", "<invalid-url>"],
])("%j may be logged as %j", (url, expected) => {
  expect(redactLoginUrl(url)).toBe(expected);
});

test.each(
  [
    "access_token api_key client_secret code code_verifier id_token",
    "key refresh_token requested_token state subject_token token",
  ].flatMap((names) => names.split(" ")),
)("the value of %s is never shown", (name) => {
  expect(redactLoginUrl(`https://example.com/?a=1&${name}=s3cret`)).not.toContain("s3cret");
});
