import { expect, test } from "vitest";
import { createProxyResolver, isOnBypassList, isTransportError, parseProxyList } from "../src/index.js";
import { isExempt } from "../src/no-proxy.js";
import { readVectors } from "./support/read-vectors.js";

interface ProxyVectors {
  readonly proxy_lists: readonly { readonly list: string; readonly target_scheme: string }[];
  readonly bypass_lists: readonly {
    readonly bypass_list: string;
    readonly url: string;
    readonly bypassed: boolean;
  }[];
  readonly env_lookup: readonly {
    readonly env: Readonly<Record<string, string>>;
    readonly name: "ALL_PROXY" | "HTTPS_PROXY" | "NO_PROXY";
    readonly value: string | null;
  }[];
}
const vectors = readVectors<ProxyVectors>("outbound-proxy");

const viaProxy = (host: string) => ({ kind: "proxy", url: `http://${host}` });

test.each(vectors.env_lookup)("looks $name up in $env", ({ env, name, value }) => {
  // A list of exempt hosts shows only where there is a proxy.
  const seen = name === "NO_PROXY" ? { ...env, ALL_PROXY: "found.test" } : env;
  const absent = name === "NO_PROXY" ? viaProxy("found.test") : { kind: "direct" };
  const route = createProxyResolver(seen)(new URL("https://chatgpt.com/"));
  expect(route).toEqual(value === null ? absent : viaProxy(value));
});

test.each(vectors.proxy_lists)(
  "reads the list $list for $target_scheme",
  ({ list, target_scheme, ...decision }) => {
    expect(parseProxyList(list, target_scheme)).toEqual(decision);
  },
);

test.each(vectors.bypass_lists)("matches $url with the bypass list $bypass_list", (entry) => {
  expect(isOnBypassList(entry.bypass_list, new URL(entry.url))).toBe(entry.bypassed);
});

test.each([
  ["http=w.test:80", "https", { decision: "unavailable" }],
  ["SOCKS5 s.test:1; PROXY p.test:8080", "https", { decision: "proxy", url: "http://p.test:8080" }],
  ["DIRECT; PROXY p.test:8080", "https", { decision: "direct" }],
  ["HTTPS=p.test:1", "https", { decision: "proxy", url: "http://p.test:1" }],
  ["https=; p.test:1", "https", { decision: "proxy", url: "http://p.test:1" }],
] as const)("reads the list %s for %s", (list, scheme, decision) => {
  expect(parseProxyList(list, scheme)).toEqual(decision);
});

test.each([
  ["auth.openai.com:443", true],
  [".openai.com", true],
  ["*openai.org", false],
  ["a.th.openai.com", false],
  ["", false],
])("matches https://auth.openai.com/ with the bypass list %s: %s", (list, expected) => {
  expect(isOnBypassList(list, new URL("https://auth.openai.com/"))).toBe(expected);
});

const https = new URL("https://chatgpt.com/x");
const http = new URL("http://chatgpt.com/x");

test.each([
  [
    "HTTPS_PROXY for https",
    { HTTPS_PROXY: "http://s.test:1", HTTP_PROXY: "http://p.test:1" },
    https,
    "http://s.test:1",
  ],
  [
    "HTTP_PROXY for http",
    { HTTPS_PROXY: "http://s.test:1", HTTP_PROXY: "http://p.test:1" },
    http,
    "http://p.test:1",
  ],
  ["ALL_PROXY for the rest", { ALL_PROXY: "http://a.test:1" }, https, "http://a.test:1"],
  ["the lower case", { http_proxy: "http://p.test:1" }, http, "http://p.test:1"],
  ["a URL without scheme", { https_proxy: "p.test:8080" }, https, "http://p.test:8080"],
  ["a proxy that speaks TLS", { https_proxy: "https://p.test" }, https, "https://p.test"],
  ["nothing for other schemes", { HTTPS_PROXY: "http://s.test:1" }, new URL("ftp://chatgpt.com/"), undefined],
  [
    "nothing when the upper case is empty",
    { HTTPS_PROXY: "", https_proxy: "http://s.test:1" },
    https,
    undefined,
  ],
  ["nothing when nothing is set", {}, https, undefined],
  ["no HTTP_PROXY under CGI", { REQUEST_METHOD: "GET", HTTP_PROXY: "http://evil.test:1" }, http, undefined],
  [
    "http_proxy under CGI",
    { REQUEST_METHOD: "", HTTP_PROXY: "x", http_proxy: "http://p.test:1" },
    http,
    "http://p.test:1",
  ],
  [
    "HTTPS_PROXY under CGI",
    { REQUEST_METHOD: "GET", HTTPS_PROXY: "http://s.test:1" },
    https,
    "http://s.test:1",
  ],
  ["nothing in the sandbox", { CODEX_SANDBOX: "seatbelt", ALL_PROXY: "http://a.test:1" }, https, undefined],
  [
    "a proxy in other sandboxes",
    { CODEX_SANDBOX: "Seatbelt", ALL_PROXY: "http://a.test:1" },
    https,
    "http://a.test:1",
  ],
  ["nothing for exempt hosts", { ALL_PROXY: "http://a.test:1", NO_PROXY: "chatgpt.com" }, https, undefined],
  ["no_proxy too", { ALL_PROXY: "http://a.test:1", no_proxy: "chatgpt.com" }, https, undefined],
  ["a broken proxy never for exempt hosts", { ALL_PROXY: "://", NO_PROXY: "*" }, https, undefined],
])("takes %s", (_, env, url, expected) => {
  const route = createProxyResolver(env)(url);
  expect(route).toEqual(expected === undefined ? { kind: "direct" } : { kind: "proxy", url: expected });
});

test.each([
  ["http://user:pass@p.test:1", "user:pass"],
  ["http://us%2Fer:p%C3%A4ss@p.test:1", "us/er:päss"],
  ["http://user@p.test:1", "user:"],
  ["http://user:100%@p.test:1", "user:100%"],
])("makes basic authentication of %s", (value, credentials) => {
  expect(createProxyResolver({ ALL_PROXY: value })(https)).toEqual({
    kind: "proxy",
    url: "http://p.test:1",
    authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
  });
});

test.each([
  ["://invalid", "invalid_proxy_config"],
  ["http://", "invalid_proxy_config"],
  ["http://user:secret@p.test:99999", "invalid_proxy_config"],
  ["socks5://user:secret@p.test:1", "unsupported_proxy_scheme"],
  ["ftp://user:secret@p.test", "unsupported_proxy_scheme"],
  ["file:///secret", "invalid_proxy_config"],
])("refuses %s by the name of its variable", (value, code) => {
  let thrown: unknown;
  try {
    createProxyResolver({ https_proxy: value })(https);
  } catch (error) {
    thrown = error;
  }
  expect(isTransportError(thrown)).toBe(true);
  expect(thrown).toMatchObject({ kind: "build", code, message: expect.stringContaining("HTTPS_PROXY") });
  expect(String((thrown as Error).stack)).not.toContain("secret");
});

test.each([
  ["*", "https://chatgpt.com/", true],
  ["chatgpt.com", "https://chatgpt.com/", true],
  ["ChatGPT.com", "https://chatgpt.com/", true],
  ["chatgpt.com", "https://a.chatgpt.com/", true],
  ["chatgpt.com", "https://evilchatgpt.com/", false],
  [".chatgpt.com", "https://chatgpt.com/", true],
  [".chatgpt.com", "https://a.b.chatgpt.com/", true],
  ["*.chatgpt.com", "https://a.chatgpt.com/", true],
  ["a.chatgpt.com", "https://chatgpt.com/", false],
  ["chatgpt.com.", "https://chatgpt.com/", true],
  ["chatgpt.com", "https://chatgpt.com./", true],
  ["chatgpt.com:443", "https://chatgpt.com/", true],
  ["chatgpt.com:80", "https://chatgpt.com/", false],
  ["chatgpt.com:8443", "https://chatgpt.com:8443/", true],
  ["chatgpt.com:80", "http://chatgpt.com/", true],
  ["foo, chatgpt.com ,bar", "https://chatgpt.com/", true],
  ["foo chatgpt.com", "https://chatgpt.com/", true],
  [" , ", "https://chatgpt.com/", false],
  [".", "https://chatgpt.com/", false],
  ["", "https://chatgpt.com/", false],
  ["10.0.0.0/8", "http://10.1.2.3/", true],
  ["10.0.0.0/8", "http://11.1.2.3/", false],
  ["10.1.2.3", "http://10.1.2.3:8080/", true],
  ["10.1.2.3:80", "http://10.1.2.3:8080/", false],
  ["10.0.0.0/33", "http://10.0.0.0/", false],
  ["10.0.0.0/x", "http://10.0.0.0/", false],
  ["2.3", "http://10.1.2.3/", false],
  ["::1", "http://[::1]/", true],
  ["[::1]", "http://[::1]/", true],
  ["[::1]:8080", "http://[::1]:8080/", true],
  ["[::1]:8080", "http://[::1]/", false],
  ["fe80::/10", "http://[fe80::1]/", true],
  ["0:0::1", "http://[::1]/", true],
  ["10.0.0.0/8", "http://[::1]/", false],
  ["10.0.0.0/8", "http://host.test/", false],
])("NO_PROXY=%s exempts %s: %s", (list, url, expected) => {
  expect(isExempt(list, new URL(url))).toBe(expected);
});
