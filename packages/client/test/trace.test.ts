import { expect, test } from "vitest";
import { createTransport, type TraceContext } from "../src/index.js";
import { traceHeaders } from "../src/trace.js";
import { startServer } from "./support/test-server.js";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("gives both headers of a context", () => {
  expect(traceHeaders(() => ({ traceparent, tracestate: "a=1,b=2" }))).toEqual([
    ["traceparent", traceparent],
    ["tracestate", "a=1,b=2"],
  ]);
});

test.each([
  ["is not set", undefined],
  ["is empty", ""],
  ["holds a line break", "a=1\r\nx: y"],
  ["is too long", "a=".padEnd(513, "1")],
])("gives no tracestate when it %s", (_, tracestate) => {
  expect(traceHeaders(() => ({ traceparent, tracestate }))).toEqual([["traceparent", traceparent]]);
});

test.each([
  ["there is no context", undefined],
  ["the context is something else", {} as TraceContext],
  ["the trace id is zero", { traceparent: traceparent.replace(/0af[0-9a-f]+/, "0".repeat(32)) }],
  ["the span id is zero", { traceparent: traceparent.replace(/b7[0-9a-f]+/, "0".repeat(16)) }],
  ["the version is forbidden", { traceparent: traceparent.replace(/^00/, "ff") }],
  ["it is in upper case", { traceparent: traceparent.toUpperCase() }],
  ["something follows", { traceparent: `${traceparent}\r\nx: y` }],
])("gives nothing when %s", (_, context) => {
  expect(traceHeaders(() => context)).toEqual([]);
});

test("gives nothing when the source fails", () => {
  const source = (): never => {
    throw new Error("no tracer");
  };
  expect(traceHeaders(source)).toEqual([]);
});

test("each attempt shows a span of its own, in place of the request's headers", async () => {
  await using server = await startServer((_, response) => response.writeHead(503).end());
  const spans = [1, 2].map((span) => traceparent.replace(/.-01$/, `${span}-01`));
  const contexts = spans.map((span) => ({ traceparent: span }));
  await using transport = createTransport({ trace: () => contexts.shift() });
  const request = { method: "GET", url: server.origin, headers: { traceparent: "own" } };
  const retry = { maxAttempts: 1, baseDelayMs: 1, on429: false, on5xx: true, onTransport: false };
  await expect(transport.execute(request, { retry })).rejects.toThrow("503");
  expect(server.seen.map(({ headers }) => headers["traceparent"])).toEqual(spans);
});
