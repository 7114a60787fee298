import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
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
