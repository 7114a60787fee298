import type { AuthProvider } from "@codex-ts/auth-provider";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RequestBody } from "../src/request.js";
import { createTransport, type Transport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { type SeenRequest, startServer, type TestServer } from "./support/test-server.js";

type Route = readonly [status: number, location: string];

let home: TestServer;
let foreign: TestServer;
let transport: Transport;
let routes: Record<string, Route> = {};
const auth: AuthProvider = {
  addAuthHeaders(headers) {
    headers.set("authorization", "Bearer sk-secret-1");
    headers.set("x-special-proof", "sk-secret-2");
    headers.set("chatgpt-account-id", "acct-1");
  },
};
const secretive = {
  cookie: "session=sk-secret-3",
  "api-key": "sk-secret-4",
  "openai-organization": "org-1",
  "x-openai-fedramp": "true",
  "x-conversation": "about secrets",
};

beforeAll(async () => {
  const handler = ({ path }: SeenRequest, response: import("node:http").ServerResponse) => {
    const [status, location] = routes[path] ?? [200, ""];
    response.writeHead(status, location === "" ? {} : { location }).end("body");
  };
  home = await startServer(handler);
  foreign = await startServer(handler);
  transport = createTransport({ identity: false, headers: { originator: "tests", "user-agent": "tests" } });
});
beforeEach(() => {
  routes = {};
});
afterAll(async () => {
  await transport.close();
  await home[Symbol.asyncDispose]();
  await foreign[Symbol.asyncDispose]();
});

function send(
  method: string,
  body?: RequestBody,
  headers: Record<string, string> = {},
  provider: AuthProvider = auth,
) {
  return transport.execute({ method, url: `${home.origin}/start`, body, headers }, { auth: provider });
}

test.each([
  [301, "POST", "GET"],
  [302, "POST", "GET"],
  [303, "POST", "GET"],
  [303, "PUT", "GET"],
  [303, "HEAD", "HEAD"],
  [301, "PUT", "PUT"],
  [302, "GET", "GET"],
  [307, "POST", "POST"],
  [308, "PUT", "PUT"],
])("%i turns %s into %s", async (status, method, expected) => {
  routes = { "/start": [status, "/end?x=1"] };
  const body = method === "GET" || method === "HEAD" ? undefined : { json: { a: 1 } };
  const response = await send(method, body, { "content-language": "de" });
  expect(response.url).toBe(`${home.origin}/end?x=1`);
  const request = home.seen.at(-1);
  expect(request?.method).toBe(expected);
  const keepsBody = body !== undefined && expected === method;
  expect(request?.body.toString()).toBe(keepsBody ? '{"a":1}' : "");
  expect(request?.headers["content-type"]).toBe(keepsBody ? "application/json" : undefined);
});

test("within an origin the credential is applied anew", async () => {
  routes = { "/start": [307, "/end"] };
  const urls: string[] = [];
  await send(
    "POST",
    { json: {} },
    {},
    {
      addAuthHeaders() {},
      applyAuth(request) {
        urls.push(request.url);
        request.headers.set("authorization", `Signature ${urls.length}`);
        return request;
      },
    },
  );
  expect(urls).toEqual([`${home.origin}/start`, `${home.origin}/end`]);
  expect(home.seen.at(-1)?.headers.authorization).toBe("Signature 2");
});

test("nothing that says who the caller is goes to another origin", async () => {
  routes = { "/start": [302, `${foreign.origin}/end`] };
  await send("GET", undefined, { ...secretive, accept: "text/plain", range: "bytes=0-1" });
  const { host: _host, connection: _connection, ...headers } = foreign.seen.at(-1)?.headers ?? {};
  expect(headers).toEqual({
    accept: "text/plain",
    originator: "tests",
    range: "bytes=0-1",
    "user-agent": "tests",
  });
});

test("a chain that comes back gets no credential again", async () => {
  routes = { "/start": [302, `${foreign.origin}/away`], "/away": [302, `${home.origin}/end`] };
  await send("GET", undefined, secretive);
  const { host: _host, connection: _connection, ...headers } = home.seen.at(-1)?.headers ?? {};
  expect(home.seen.at(-1)?.path).toBe("/end");
  expect(headers).toEqual({ accept: "*/*", originator: "tests", "user-agent": "tests" });
});

test.each([
  ["the credential of a provider", auth, {}],
  ["a credential among the headers", { addAuthHeaders() {} }, { "Api-Key": "sk-secret-4" }],
])("a body with %s is not sent to another origin", async (_what, provider, headers) => {
  routes = { "/start": [307, `${foreign.origin}/end?q=1`] };
  const before = foreign.seen.length;
  const error = await rejection(send("POST", { json: { prompt: "private" } }, headers, provider));
  expect(error).toMatchObject({
    kind: "http",
    code: "redirect_refused",
    status: 307,
    url: `${home.origin}/start`,
  });
  expect(error.message).toBe(
    `POST ${home.origin}/start was redirected to ${foreign.origin}, where neither credential nor body is sent`,
  );
  expect(foreign.seen).toHaveLength(before);
});

test("a body without a credential goes where it is told to", async () => {
  routes = { "/start": [307, `${foreign.origin}/end`] };
  await send("POST", { json: { a: 1 } }, { "x-conversation": "1" }, { addAuthHeaders() {} });
  expect(foreign.seen.at(-1)?.body.toString()).toBe('{"a":1}');
  expect(foreign.seen.at(-1)?.headers).not.toHaveProperty("x-conversation");
});

test("another port and another scheme are another origin", async () => {
  const port = new URL(home.origin).port;
  routes = { "/start": [307, `https://127.0.0.1:${port}/end`] };
  const error = await rejection(send("POST", { json: {} }));
  expect(error.code).toBe("redirect_refused");
});

test("streams follow redirects by the same rules", async () => {
  routes = { "/start": [302, `${foreign.origin}/end`] };
  const stream = await transport.stream({ method: "GET", url: `${home.origin}/start` }, { auth });
  expect(stream.url).toBe(`${foreign.origin}/end`);
  expect(foreign.seen.at(-1)?.headers).not.toHaveProperty("authorization");
  stream.cancel();
  routes = { "/start": [308, `${foreign.origin}/end`] };
  const refused = transport.stream(
    { method: "POST", url: `${home.origin}/start`, body: { json: {} } },
    { auth },
  );
  expect((await rejection(refused)).code).toBe("redirect_refused");
});

test("a 401 of another origin is not for the provider", async () => {
  routes = { "/start": [302, `${foreign.origin}/end`], "/end": [401, ""] };
  let asked = 0;
  const recover = async () => {
    asked += 1;
    return true;
  };
  expect(await rejection(send("GET", undefined, {}, { ...auth, recover }))).toMatchObject({ status: 401 });
  expect(asked).toBe(0);
});

test("user name and password of a location are dropped", async () => {
  routes = { "/start": [302, `${foreign.origin.replace("//", "//user:pass@")}/end`] };
  const response = await send("GET");
  expect(response.url).toBe(`${foreign.origin}/end`);
  expect(foreign.seen.at(-1)?.headers).not.toHaveProperty("authorization");
});

test("ends after ten redirects, or as many as the option says", async () => {
  routes = { "/start": [302, "/start"] };
  const before = home.seen.length;
  const error = await rejection(send("GET"));
  expect(error).toMatchObject({ kind: "network", code: "too_many_redirects" });
  expect(error.message).toBe(`GET ${home.origin}/start was redirected more than 10 times`);
  expect(home.seen).toHaveLength(before + 11);
  await using stubborn = createTransport({ maxRedirects: 0 });
  const refused = rejection(stubborn.execute({ method: "GET", url: `${home.origin}/start` }));
  expect(await refused).toMatchObject({ code: "too_many_redirects" });
});

test("follows nothing but http and https", async () => {
  routes = { "/start": [302, "ftp://127.0.0.1/end"] };
  const error = await rejection(send("GET"));
  expect(error).toMatchObject({ kind: "network", code: "invalid_redirect" });
  expect(error.message).toBe(
    `GET ${home.origin}/start failed: redirect target uses unsupported URL scheme: ftp`,
  );
});

test.each([
  ["no location", [302, ""]],
  ["a location that is no URL", [302, "http://"]],
  ["a status that is no redirect", [304, "/end"]],
] as const)("%s makes the answer an error", async (_what, route) => {
  routes = { "/start": route };
  expect(await rejection(send("GET"))).toMatchObject({ kind: "http", status: route[0] });
});

test("hooks learn of each redirect, without its query", async () => {
  routes = { "/start?token=1": [302, "/end?token=1"] };
  const log: unknown[] = [];
  await transport.execute(
    { method: "GET", url: `${home.origin}/start?token=1` },
    { telemetry: { onRedirect: (report) => log.push(report) } },
  );
  expect(log).toEqual([
    { status: 302, from: `${home.origin}/start`, to: `${home.origin}/end`, crossOrigin: false },
  ]);
});
