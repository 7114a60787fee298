import { expect, test } from "vitest";
import { encodeForm, exchangeTokens, oauthErrorCode } from "../../src/oauth/token-endpoint.js";
import { issuerOfTest } from "../support/issuer.js";
import { transportOfTest } from "../support/transport.js";

test("encodes a form so that only unreserved characters stay", () => {
  expect(encodeForm({ a: "x y/z", "b!": "-_.~'()*+é" })).toBe("a=x%20y%2Fz&b%21=-_.~%27%28%29%2A%2B%C3%A9");
});

test("sends a form as one", async () => {
  const issuer = await issuerOfTest();
  const exchange = await exchangeTokens({
    transport: transportOfTest(),
    url: issuer.urls.token,
    form: { grant_type: "authorization_code", code: "a b" },
    timeoutMs: 5000,
  });
  expect(exchange).toMatchObject({ outcome: "answered", status: 401, isHtml: false });
  const [request] = issuer.requests;
  expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(request?.body).toBe("grant_type=authorization_code&code=a%20b");
});

test("stops when the caller does", async () => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "hang" });
  const controller = new AbortController();
  const exchange = exchangeTokens({
    transport: transportOfTest(),
    url: issuer.urls.token,
    json: {},
    timeoutMs: 5000,
    signal: controller.signal,
  });
  await issuer.waitForRequests(1);
  controller.abort();
  await expect(exchange).rejects.toMatchObject({ kind: "aborted" });
});

test.each([
  ['{"error":{"code":"nested"}}', "nested"],
  ['{"error":"plain"}', "plain"],
  ['{"code":"top"}', "top"],
  ['{"error":{"message":"none"}}', undefined],
  ['{"error":"a sentence, not a code"}', undefined],
  [`{"error":"${"x".repeat(65)}"}`, undefined],
  ['{"error":"token1"}', undefined],
  ["<html>", undefined],
  ["", undefined],
])("reads the code of %s", (body, code) => {
  expect(oauthErrorCode(body)).toBe(code);
});
