import { expect, test } from "vitest";
import { type AuthMode, authModes, isAuthMode } from "../src/index.js";

// The compiler refuses this table when a mode is missing or too many.
const everyMode: Record<AuthMode, true> = {
  apikey: true,
  chatgpt: true,
  chatgptAuthTokens: true,
  agentIdentity: true,
  personalAccessToken: true,
  bedrockApiKey: true,
};

test("lists every mode in the spelling of the wire", () => {
  expect(authModes).toEqual(Object.keys(everyMode));
});

test.each(["apiKey", "ApiKey", "chatGPT", "headers", "", null, undefined, 1])(
  "does not take %j for a mode",
  (value) => {
    expect(isAuthMode(value)).toBe(false);
  },
);

test("takes its own modes", () => {
  expect(authModes.every(isAuthMode)).toBe(true);
});
