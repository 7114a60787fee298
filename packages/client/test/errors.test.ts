import { inspect } from "node:util";
import { expect, test } from "vitest";
import { transportErrorText } from "../src/error-text.js";
import { isTransportError, TransportError, type TransportErrorOptions } from "../src/errors.js";
import { statusText } from "../src/reason-phrases.js";

test("carries the facts it was given", () => {
  const cause = new Error("inner");
  const error = new TransportError("boom", {
    kind: "http",
    code: "html_answer",
    status: 403,
    requestId: "req_1",
    cause,
  });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "TransportError",
    kind: "http",
    code: "html_answer",
    status: 403,
    requestId: "req_1",
  });
  expect(error.cause).toBe(cause);
  expect("cause" in new TransportError("boom", { kind: "network" })).toBe(false);
});

test("keeps headers and body away from loggers", () => {
  const headers = new Headers({ "x-token": "hunter2" });
  const error = new TransportError("boom", { kind: "http", status: 500, headers, body: "hunter2" });
  expect(error.headers).toBe(headers);
  expect(error.body).toBe("hunter2");
  expect(Object.keys(error)).toEqual(["name", "kind", "status"]);
  expect(inspect(error)).not.toContain("hunter2");
  expect(JSON.stringify(error)).not.toContain("hunter2");
});

test("knows errors that another copy of the package made", () => {
  const foreign = { [Symbol.for("@codex-ts/client.TransportError")]: true };
  expect(isTransportError(new TransportError("boom", { kind: "timeout" }))).toBe(true);
  expect(isTransportError(foreign)).toBe(true);
  for (const other of [new Error("boom"), { name: "TransportError" }, null, undefined, "x"]) {
    expect(isTransportError(other)).toBe(false);
  }
});

test.each<[string, TransportErrorOptions, string]>([
  ["boom", { kind: "network" }, "network error: boom"],
  ["long", { kind: "network", detail: "short" }, "network error: short"],
  ["invalid auth configuration", { kind: "build" }, "request build error: invalid auth configuration"],
  ["x", { kind: "timeout" }, "timeout"],
  ["x", { kind: "retry_limit" }, "retry limit reached"],
  ["x", { kind: "aborted" }, "aborted"],
  ["x", { kind: "http", status: 401 }, "http 401 Unauthorized: None"],
  ["x", { kind: "http", status: 413, body: "" }, 'http 413 Payload Too Large: Some("")'],
  ["x", { kind: "http", status: 599, body: "y" }, 'http 599 <unknown status code>: Some("y")'],
  [
    "x",
    { kind: "http", status: 500, body: '{"a": "b\\c"}' },
    'http 500 Internal Server Error: Some("{\\"a\\": \\"b\\\\c\\"}")',
  ],
  [
    "x",
    { kind: "http", status: 500, body: "a\tb\r\n\0'é日" },
    'http 500 Internal Server Error: Some("a\\tb\\r\\n\\0\'é日")',
  ],
  [
    "x",
    { kind: "http", status: 500, body: "\x1b\x7f\u200b\u00a0e\u0301" },
    'http 500 Internal Server Error: Some("\\u{1b}\\u{7f}\\u{200b}\\u{a0}e\\u{301}")',
  ],
])("shows %j, %j as the reference does", (message, options, text) => {
  expect(transportErrorText(new TransportError(message, options))).toBe(text);
});

test.each([
  [203, "203 Non Authoritative Information"],
  [418, "418 I'm a teapot"],
  [422, "422 Unprocessable Entity"],
  [425, "425 Too Early"],
  [599, "599 <unknown status code>"],
])("names status %i", (status, text) => {
  expect(statusText(status)).toBe(text);
});
