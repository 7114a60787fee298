import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
  AuthError,
  type AuthProvider,
  applyAuth,
  authHeaderTelemetry,
  type OutboundRequest,
  toAuthHeaders,
  unauthenticated,
} from "../src/index.js";

const bearer: AuthProvider = {
  addAuthHeaders(headers) {
    headers.set("authorization", "Bearer sk-1");
    headers.set("chatgpt-account-id", "account-1");
  },
};

function request(headers: Record<string, string> = {}): OutboundRequest {
  return { method: "POST", url: "https://host.test/v1", headers: new Headers(headers), body: "{}" };
}

test("replaces headers of the same name and keeps the others", async () => {
  const sent = await applyAuth(bearer, request({ Authorization: "Bearer stale", accept: "text/plain" }));
  expect([...sent.headers]).toEqual([
    ["accept", "text/plain"],
    ["authorization", "Bearer sk-1"],
    ["chatgpt-account-id", "account-1"],
  ]);
});

test("sends what a signer returns, even when it is another request", async () => {
  const signed = request({ authorization: "AWS4-HMAC-SHA256 x" });
  const signer: AuthProvider = {
    addAuthHeaders() {},
    applyAuth: () => Promise.resolve(signed),
  };
  expect(await applyAuth(signer, request())).toBe(signed);
});

test("gives a signer the final body bytes", async () => {
  const seen: unknown[] = [];
  const signer: AuthProvider = {
    addAuthHeaders() {},
    applyAuth(outbound) {
      seen.push(outbound.body);
      return outbound;
    },
  };
  const body = new Uint8Array([1, 2, 3]);
  await applyAuth(signer, { ...request(), body });
  expect(seen).toEqual([body]);
});

test("passes an AuthError through untouched", async () => {
  const error = new AuthError("token command timed out", { kind: "transient" });
  const failing: AuthProvider = {
    addAuthHeaders() {
      throw error;
    },
  };
  await expect(applyAuth(failing, request())).rejects.toBe(error);
  expect(() => toAuthHeaders(failing)).toThrow(error);
});

test("turns anything else a provider throws into a build error that keeps the cause", async () => {
  const cause = new TypeError("invalid header value");
  const failing: AuthProvider = {
    addAuthHeaders() {},
    applyAuth: () => Promise.reject(cause),
  };
  await expect(applyAuth(failing, request())).rejects.toMatchObject({
    name: "AuthError",
    kind: "build",
    cause,
  });
});

test("refuses a credential with a line break, and shows it nowhere", async () => {
  const smuggling: AuthProvider = {
    addAuthHeaders: (headers) => headers.set("authorization", "Bearer secret-1\r\nx-injected: 1"),
  };
  const error = await applyAuth(smuggling, request()).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    kind: "build",
    message: "the credential holds a character that a header cannot carry",
  });
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain("secret-1");
});

test("sends nothing for unauthenticated, and cannot be tampered with", async () => {
  expect([...toAuthHeaders(unauthenticated)]).toEqual([]);
  expect([...(await applyAuth(unauthenticated, request())).headers]).toEqual([]);
  expect(() => Object.assign(unauthenticated, { addAuthHeaders: bearer.addAuthHeaders })).toThrow(TypeError);
});

test.each<[string, AuthProvider, ReturnType<typeof authHeaderTelemetry>]>([
  ["a bearer", bearer, { attached: true, name: "authorization" }],
  ["no credential", unauthenticated, { attached: false }],
  [
    "an account header alone",
    { addAuthHeaders: (headers) => headers.set("chatgpt-account-id", "a") },
    { attached: false },
  ],
  [
    "a provider that fails",
    {
      addAuthHeaders() {
        throw new Error("no key");
      },
    },
    { attached: false },
  ],
])("reports whether %s attaches an authorization header, never its value", (_name, provider, expected) => {
  const telemetry = authHeaderTelemetry(provider);
  expect(telemetry).toEqual(expected);
  expect(inspect(telemetry)).not.toContain("sk-1");
});
