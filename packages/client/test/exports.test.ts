import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly this", () => {
  expect(Object.keys(api).sort()).toEqual([
    "MemoryCookieJar",
    "Secret",
    "TransportError",
    "backoff",
    "buildUserAgent",
    "createProxyResolver",
    "createStatusError",
    "createTransport",
    "createTrustedRoots",
    "decodeSse",
    "decodeSseBatches",
    "defaultHeaders",
    "defaultRetryPolicy",
    "isAllowedChatgptHost",
    "isFirstPartyChatOriginator",
    "isFirstPartyOriginator",
    "isHtmlAnswer",
    "isOnBypassList",
    "isTransportError",
    "noRetry",
    "parseProxyList",
    "readCaBundle",
    "redactHeaders",
    "redactUrl",
    "selectCaBundles",
    "statusText",
    "transportErrorText",
  ]);
});

test("the README lists every export", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  for (const name of Object.keys(api)) expect(readme).toMatch(new RegExp(`\`${name}[\`(]`));
});
