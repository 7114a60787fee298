import { expect, test } from "vitest";
import { connectorInstallUrl, connectorSlug, sanitizeConnectorName } from "../src/index.js";

test.each([
  ["😀mail😀😀x", "mail--x"],
  ["ÀMail", "mail"],
  ["", "app"],
  ["---", "app"],
  ["\ud800a", "a"],
])("the slug of %j has one dash for each character, and none at its ends", (name, slug) => {
  expect(connectorSlug(name)).toBe(slug);
  expect(sanitizeConnectorName(name)).toBe(slug.replaceAll("-", "_"));
});

test("a name of nothing but dashes inside takes no time", () => {
  expect(connectorSlug(`a${"-".repeat(200_000)}b`)).toHaveLength(200_002);
});

test.each([
  ["https://chatgpt.example", "https://chatgpt.example"],
  ["https://chatgpt.example/", "https://chatgpt.example"],
  ["https://chatgpt.example/backend-api", "https://chatgpt.example"],
  ["https://chatgpt.example//backend-api//", "https://chatgpt.example"],
  ["http://127.0.0.1:8080/x/backend-api/", "http://127.0.0.1:8080/x"],
  ["https://chatgpt.example/backend-api/v2", "https://chatgpt.example/backend-api/v2"],
])("below %s, an app is installed from %s", (chatgptBaseUrl, base) => {
  expect(connectorInstallUrl("My App", "id", { chatgptBaseUrl })).toBe(`${base}/apps/my-app/id`);
});

test.each(["chatgpt.com", "", "javascript:alert(1)", "ftp://chatgpt.com"])(
  "refuses the base URL %j",
  (url) => {
    expect(() => connectorInstallUrl("a", "a", { chatgptBaseUrl: url })).toThrow(
      new TypeError('"chatgptBaseUrl" must be a URL of http or https'),
    );
  },
);

test("an id cannot lead elsewhere", () => {
  expect(connectorInstallUrl("a", "../x?y#z\ud800")).toBe(
    "https://chatgpt.com/apps/a/..%2Fx%3Fy%23z%EF%BF%BD",
  );
});
