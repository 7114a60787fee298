import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { toCloudflareCookies } from "../src/cloudflare-cookies.js";
import { type CookieJar, createTransport, isAllowedChatgptHost, MemoryCookieJar } from "../src/index.js";
import { readVectors } from "./support/read-vectors.js";
import { startProxy, type TestProxy } from "./support/test-proxy.js";
import { startServer, type TestServer } from "./support/test-server.js";
import { serverIdentity, tlsFixture } from "./support/tls-fixtures.js";

interface CookieVectors {
  readonly hosts: readonly { readonly host: string; readonly allowed: boolean }[];
  readonly cookie_urls: readonly { readonly url: string; readonly eligible: boolean }[];
  readonly set_cookie_filter: readonly { readonly set_cookie: string; readonly stored: boolean }[];
  readonly cookie_header_filter: readonly { readonly cookie_header: string; readonly sent: string | null }[];
  readonly jar_cases: readonly {
    readonly name: string;
    readonly set: readonly (readonly [url: string, setCookie: string])[];
    readonly get: string;
    readonly cookie: string | null;
  }[];
}
const vectors = readVectors<CookieVectors>("chatgpt-hosts-and-cookies");
const chatgpt = new URL("https://chatgpt.com/backend-api/codex/responses");

/** A jar that keeps everything for everybody. */
class RecklessJar implements CookieJar {
  readonly stored: string[] = [];
  header: string | undefined = "_cfuvid=v";

  headerFor(): string | undefined {
    return this.header;
  }

  store(_url: URL, setCookie: readonly string[]): void {
    this.stored.push(...setCookie);
  }
}

test.each(vectors.hosts)("host $host is allowed: $allowed", ({ host, allowed }) => {
  expect(isAllowedChatgptHost(host)).toBe(allowed);
});

test.each(vectors.cookie_urls)("cookies go to and come from $url: $eligible", ({ url, eligible }) => {
  const jar = new RecklessJar();
  const cookies = toCloudflareCookies(jar);
  cookies.store(new URL(url), ["_cfuvid=v"]);
  expect(jar.stored).toHaveLength(eligible ? 1 : 0);
  expect(cookies.headerFor(new URL(url))).toBe(eligible ? "_cfuvid=v" : undefined);
});

test.each(vectors.set_cookie_filter)("$set_cookie is stored: $stored", ({ set_cookie, stored }) => {
  const jar = new RecklessJar();
  toCloudflareCookies(jar).store(chatgpt, [set_cookie]);
  expect(jar.stored).toEqual(stored ? [set_cookie] : []);
});

test.each(vectors.cookie_header_filter)(
  "of the cookies $cookie_header go out: $sent",
  ({ cookie_header, sent }) => {
    const jar = new RecklessJar();
    jar.header = cookie_header;
    expect(toCloudflareCookies(jar).headerFor(chatgpt) ?? null).toBe(sent);
  },
);

test.each(vectors.jar_cases)("jar vector: $name", ({ set, get, cookie }) => {
  const cookies = toCloudflareCookies(new MemoryCookieJar());
  for (const [url, setCookie] of set) cookies.store(new URL(url), [setCookie]);
  expect(cookies.headerFor(new URL(get)) ?? null).toBe(cookie);
});

let now = 0;
let jar: MemoryCookieJar;
beforeEach(() => {
  now = Date.parse("2026-01-01T00:00:00Z");
  jar = new MemoryCookieJar(() => now);
});

function stored(setCookie: string, from: string, to: string = from): string | undefined {
  jar.store(new URL(from), [setCookie]);
  return jar.headerFor(new URL(to));
}

test.each([
  [
    "for its own host only, without a domain",
    "a=1",
    "https://chatgpt.com/",
    "https://ws.chatgpt.com/",
    false,
  ],
  [
    "for subdomains of its domain",
    "a=1; Domain=chatgpt.com",
    "https://chatgpt.com/",
    "https://ws.chatgpt.com/",
    true,
  ],
  [
    "for a domain with a leading dot",
    "a=1; domain=.ChatGPT.com",
    "https://ws.chatgpt.com/",
    "https://chatgpt.com/",
    true,
  ],
  [
    "not for the end of another name",
    "a=1; Domain=chatgpt.com",
    "https://chatgpt.com/",
    "https://evilchatgpt.com/",
    false,
  ],
  [
    "not for a foreign domain",
    "a=1; Domain=openai.com",
    "https://chatgpt.com/",
    "https://openai.com/",
    false,
  ],
  [
    "not for a subdomain of its own",
    "a=1; Domain=ws.chatgpt.com",
    "https://chatgpt.com/",
    "https://ws.chatgpt.com/",
    false,
  ],
  ["not for a top-level domain", "a=1; Domain=com", "https://chatgpt.com/", "https://chatgpt.com/", false],
  ["not for the end of an address", "a=1; Domain=0.0.1", "https://127.0.0.1/", "https://127.0.0.1/", false],
  ["below its path", "a=1; Path=/x", "https://chatgpt.com/", "https://chatgpt.com/x/y", true],
  ["at its path", "a=1; Path=/x", "https://chatgpt.com/", "https://chatgpt.com/x", true],
  ["not beside its path", "a=1; Path=/x", "https://chatgpt.com/", "https://chatgpt.com/xy", false],
  ["below the folder that set it", "a=1", "https://chatgpt.com/a/b", "https://chatgpt.com/a/c", true],
  ["not above the folder that set it", "a=1", "https://chatgpt.com/a/b", "https://chatgpt.com/c", false],
  [
    "everywhere for a path that is none",
    "a=1; Path=x",
    "https://chatgpt.com/a",
    "https://chatgpt.com/c",
    true,
  ],
  ["securely only, if it says so", "a=1; Secure", "https://chatgpt.com/", "http://chatgpt.com/", false],
  ["while it lasts", "a=1; Max-Age=10", "https://chatgpt.com/", "https://chatgpt.com/", true],
  [
    "never after its date",
    "a=1; Expires=Wed, 31 Dec 2025 23:59:59 GMT",
    "https://chatgpt.com/",
    "https://chatgpt.com/",
    false,
  ],
  [
    "by its age rather than its date",
    "a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "https://chatgpt.com/",
    "https://chatgpt.com/",
    true,
  ],
  ["with a date nobody can read", "a=1; Expires=soon", "https://chatgpt.com/", "https://chatgpt.com/", true],
  ["never with a control character", "a=1\x01", "https://chatgpt.com/", "https://chatgpt.com/", false],
  ["never beyond ASCII", "a=é", "https://chatgpt.com/", "https://chatgpt.com/", false],
  ["never when it is huge", `a=${"x".repeat(9000)}`, "https://chatgpt.com/", "https://chatgpt.com/", false],
])("a cookie is sent %s", (_, setCookie, from, to, isSent) => {
  expect(stored(setCookie, from, to)).toBe(isSent ? "a=1" : undefined);
});

test("a cookie is gone when its time is over", () => {
  stored("a=1; Max-Age=10", "https://chatgpt.com/");
  now += 10_000;
  expect(jar.headerFor(new URL("https://chatgpt.com/"))).toBeUndefined();
});

test("a cookie is replaced by one of the same name, and deleted by one that has expired", () => {
  expect(stored("a=1", "https://chatgpt.com/")).toBe("a=1");
  expect(stored("a=2; Path=/", "https://chatgpt.com/")).toBe("a=2");
  expect(stored("a=; Max-Age=0", "https://chatgpt.com/")).toBeUndefined();
});

test("cookies of the longest path go first, then the oldest", () => {
  jar.store(new URL("https://chatgpt.com/"), ["a=1", "b=2; Path=/x", "c=3", "a=4"]);
  expect(jar.headerFor(new URL("https://chatgpt.com/x"))).toBe("b=2; a=4; c=3");
});

test("a deleted cookie takes no room", () => {
  const url = new URL("https://chatgpt.com/");
  for (let count = 0; count < 100; count++) jar.store(url, [`c${count}=1`]);
  jar.store(url, ["c1=; Max-Age=0", "c100=1"]);
  expect(jar.headerFor(url)).toMatch(/^c0=1; c2=1; /);
});

test("a hundred cookies are kept, and the oldest makes room", () => {
  for (let count = 0; count <= 100; count++) jar.store(new URL("https://chatgpt.com/"), [`c${count}=1`]);
  const names = jar.headerFor(new URL("https://chatgpt.com/"))?.split("; ") ?? [];
  expect([names.length, names[0]]).toEqual([100, "c1=1"]);
});

let server: TestServer;
let proxy: TestProxy;
let setCookie: string[];
beforeAll(async () => {
  server = await startServer((_, response) => {
    response.setHeader("set-cookie", setCookie);
    response.end();
  }, serverIdentity("company"));
  proxy = await startProxy();
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Asks `chatgpt.com`, or rather our server behind the proxy, and returns the cookies that it saw. */
async function ask(
  cookies?: CookieJar | false,
  headers?: Record<string, string>,
): Promise<string | undefined> {
  const env = { SSL_CERT_FILE: tlsFixture("company-ca.pem"), HTTPS_PROXY: proxy.address };
  await using transport = createTransport({ env, cookies });
  const url = `https://chatgpt.com:${new URL(server.origin).port}/backend-api/codex/responses`;
  await transport.execute({ method: "POST", url, headers });
  return server.seen.at(-1)?.headers.cookie;
}

test("transports share Cloudflare's cookies, and no others", async () => {
  setCookie = ["__cf_bm=1; Path=/; Secure; HttpOnly", "session=secret; Path=/"];
  expect(await ask()).toBeUndefined();
  expect(await ask()).toBe("__cf_bm=1");
});

test("a transport can have a jar of its own, or none", async () => {
  setCookie = ["_cfuvid=own; Path=/"];
  const own = new MemoryCookieJar();
  await ask(own);
  expect(await ask(own)).toBe("_cfuvid=own");
  expect(await ask(false)).toBeUndefined();
  expect(await ask()).toBe("__cf_bm=1");
});

test("a request keeps the cookies it brings", async () => {
  setCookie = [];
  expect(await ask(undefined, { cookie: "mine=1" })).toBe("mine=1");
});
