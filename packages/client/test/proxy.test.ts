import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTransport, type TransportOptions, type TransportResponse } from "../src/index.js";
import { rejection } from "./support/rejection.js";
import { startProxy } from "./support/test-proxy.js";
import { startServer, type TestServer } from "./support/test-server.js";
import { serverIdentity, tlsFixture } from "./support/tls-fixtures.js";

let plain: TestServer;
let secure: TestServer;
beforeAll(async () => {
  plain = await startServer((_, response) => response.end("plain"));
  secure = await startServer((_, response) => response.end("secure"), serverIdentity("company"));
});
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await secure[Symbol.asyncDispose]();
});

const trust = { SSL_CERT_FILE: tlsFixture("company-ca.pem") };

async function get(url: string, options: TransportOptions): Promise<TransportResponse> {
  await using transport = createTransport(options);
  return await transport.execute({ method: "GET", url });
}

test("a plain request goes to the proxy with its whole URL", async () => {
  await using proxy = await startProxy();
  const env = { HTTP_PROXY: `http://${proxy.address}` };
  const response = await get("http://enabled-proxy.test/proxy-check", { env });
  expect(proxy.lines).toEqual(["GET http://enabled-proxy.test/proxy-check"]);
  expect(response.text()).toBe("answered http://enabled-proxy.test/proxy-check");
});

test("an https request goes through a tunnel, untouched", async () => {
  await using proxy = await startProxy();
  const env = { ...trust, HTTPS_PROXY: `http://${proxy.address}` };
  const response = await get(`https://secure.test:${new URL(secure.origin).port}/x?y=1`, { env });
  expect(response.text()).toBe("secure");
  expect(proxy.lines).toEqual([`CONNECT secure.test:${new URL(secure.origin).port}`]);
  expect(secure.seen.at(-1)).toMatchObject({ path: "/x?y=1" });
});

test("a tunnel is used again for the next request", async () => {
  await using proxy = await startProxy();
  await using transport = createTransport({ env: { ...trust, HTTPS_PROXY: `http://${proxy.address}` } });
  for (let request = 0; request < 3; request++)
    await transport.execute({ method: "GET", url: secure.origin });
  expect(proxy.lines).toHaveLength(1);
});

test("the proxy may itself speak TLS", async () => {
  await using proxy = await startProxy({ identity: serverIdentity("company") });
  const env = { ...trust, ALL_PROXY: `https://${proxy.address}` };
  const { port } = new URL(secure.origin);
  expect((await get(`https://secure.test:${port}/`, { env })).text()).toBe("secure");
  expect((await get("http://plain.test/", { env })).text()).toBe("answered http://plain.test/");
  expect(proxy.lines).toEqual([`CONNECT secure.test:${port}`, "GET http://plain.test/"]);
  // It is asked for by its address, and not by the name of the server behind it.
  expect(proxy.serverNames).toEqual([false, false]);
});

const basic = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;

test("user name and password of the proxy go to the proxy only", async () => {
  await using proxy = await startProxy({ authorization: basic });
  const env = { ...trust, ALL_PROXY: `http://user:p%40ss@${proxy.address}` };
  await get(secure.origin, { env });
  await get("http://plain.test/", { env });
  expect(proxy.credentials).toEqual([basic, basic]);
  expect(secure.seen.at(-1)?.headers).not.toHaveProperty("proxy-authorization");
});

test.each(["http://", "http://user:wrong-secret@"])(
  "a proxy that wants another password than %s is told from a failing server",
  async (scheme) => {
    await using proxy = await startProxy({ authorization: basic });
    await using transport = createTransport({ env: { ...trust, ALL_PROXY: `${scheme}${proxy.address}` } });
    const retry = { maxAttempts: 3, baseDelayMs: 1, on429: true, on5xx: true, onTransport: true };
    const error = await rejection(transport.execute({ method: "GET", url: secure.origin }, { retry }));
    expect(error).toMatchObject({ kind: "network", code: "proxy_407" });
    expect(error.message).toContain(`the proxy http://${proxy.address}`);
    expect(inspect(error, { depth: 9 })).not.toContain("wrong-secret");
    expect(proxy.lines).toHaveLength(1);
    const forwarded = await rejection(transport.execute({ method: "GET", url: "http://plain.test/" }));
    expect(forwarded).toMatchObject({ kind: "http", status: 407 });
  },
);

test("a proxy that refuses the tunnel is told from a failing server", async () => {
  await using proxy = await startProxy({ refuse: 502 });
  const error = await rejection(get(secure.origin, { env: trust, proxy: proxy.address }));
  expect(error).toMatchObject({ kind: "network", code: "proxy" });
  expect(error.message).toContain("502");
});

test("a proxy that is not there is told from a failing server", async () => {
  const error = await rejection(get(secure.origin, { env: trust, proxy: "http://127.0.0.1:1" }));
  expect(error).toMatchObject({ kind: "network", code: "proxy" });
  expect(error.message).toContain("127.0.0.1:1 cannot be reached");
});

test("a variable that holds no URL is an error that does not show it, and nothing is sent", async () => {
  const before = plain.seen.length;
  const error = await rejection(get(plain.origin, { env: { HTTP_PROXY: "http://user:secret@:0:0" } }));
  expect(error).toMatchObject({ kind: "build", code: "invalid_proxy_config" });
  expect(error.message).toContain("HTTP_PROXY");
  expect(inspect(error, { depth: 9 })).not.toContain("secret");
  expect(plain.seen).toHaveLength(before);
});

test("hosts of NO_PROXY are asked directly", async () => {
  const env = { HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "localhost,127.0.0.0/8" };
  expect((await get(plain.origin, { env })).text()).toBe("plain");
});

test("the option wins over the environment, and false goes without", async () => {
  await using proxy = await startProxy();
  const env = { HTTP_PROXY: "http://127.0.0.1:1" };
  expect((await get(plain.origin, { env, proxy: `http://${proxy.address}` })).text()).toMatch(/^answered /);
  expect((await get(plain.origin, { env, proxy: false })).text()).toBe("plain");
});

test("a function tells the proxy for each URL", async () => {
  await using proxy = await startProxy();
  const options: TransportOptions = {
    env: {},
    proxy: ({ hostname }) => (hostname === "plain.test" ? proxy.address : undefined),
  };
  expect((await get("http://plain.test/", options)).text()).toBe("answered http://plain.test/");
  expect((await get(plain.origin, options)).text()).toBe("plain");
});

test("a variable that changes counts for the next request", async () => {
  await using proxy = await startProxy();
  const env: Record<string, string | undefined> = {};
  await using transport = createTransport({ env });
  const text = async () => (await transport.execute({ method: "GET", url: plain.origin })).text();
  expect(await text()).toBe("plain");
  env["http_proxy"] = `http://${proxy.address}`;
  expect(await text()).toBe(`answered ${plain.origin}/`);
});
