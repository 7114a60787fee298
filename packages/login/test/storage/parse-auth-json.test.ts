import { inspect } from "node:util";
import { expect, test } from "vitest";
import { type AuthJson, storedAuthMode } from "../../src/storage/auth-json.js";
import { parseAuthJson, parseTimestamp } from "../../src/storage/parse-auth-json.js";
import { idTokenOf } from "../support/jwt.js";
import { chatgptLogin } from "../support/logins.js";

const record = {
  agent_runtime_id: "agent-1",
  agent_private_key: "key",
  account_id: "account-1",
  chatgpt_user_id: "user-1",
  email: "",
  plan_type: "pro",
  chatgpt_account_is_fedramp: false,
};

function parse(value: unknown): unknown {
  return parseAuthJson(typeof value === "string" ? value : JSON.stringify(value), "auth.json");
}

test.each<[string, object]>([
  ["an empty object", {}],
  [
    "nulls",
    { OPENAI_API_KEY: null, tokens: null, last_refresh: null, agent_identity: null, auth_mode: null },
  ],
  ["a ChatGPT login", chatgptLogin()],
  ["a record", { auth_mode: "agentIdentity", agent_identity: record }],
  ["a JWT", { auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: "h.p.s" }],
  ["a Bedrock key", { bedrock_api_key: { api_key: "key", region: "us-east-1" } }],
  ["unknown members", { future: { deep: [1] }, tokens: { ...chatgptLogin().tokens, future: true } }],
])("reads %s as it is", (_name, value) => {
  expect(parse(value)).toEqual(value);
});

const tokens = { id_token: idTokenOf(), access_token: "secret-access", refresh_token: "secret-refresh" };

test.each<[string, unknown, string]>([
  ["nothing", "", "is not complete JSON"],
  ["a truncated file", JSON.stringify(chatgptLogin()).slice(0, -20), "is not complete JSON"],
  ["an array", [], "is not a JSON object"],
  ["a text", '"secret-text"', "is not a JSON object"],
  ["an unknown mode", { auth_mode: "secret-mode" }, '"auth_mode" that this version does not know'],
  ["a key that is no text", { OPENAI_API_KEY: 1 }, '"OPENAI_API_KEY" that is not a string'],
  ["tokens that are no object", { tokens: "secret-tokens" }, '"tokens" that is not an object'],
  [
    "tokens without an id token",
    { tokens: { ...tokens, id_token: undefined } },
    'no string "tokens.id_token"',
  ],
  [
    "tokens without a refresh token",
    { tokens: { ...tokens, refresh_token: null } },
    'no string "tokens.refresh',
  ],
  ["an account that is no text", { tokens: { ...tokens, account_id: 7 } }, '"tokens.account_id" that is not'],
  [
    "an id token that is none",
    { tokens: { ...tokens, id_token: "secret-id" } },
    'a "tokens.id_token" that is',
  ],
  ["a date that is none", { last_refresh: "yesterday" }, '"last_refresh" that is not a date and time'],
  [
    "a record without a key",
    { agent_identity: { ...record, agent_private_key: null } },
    '"agent_private_key"',
  ],
  ["an identity that is a number", { agent_identity: 5 }, "agent identity record must be an object"],
  [
    "a Bedrock key without region",
    { bedrock_api_key: { api_key: "secret-key" } },
    '"bedrock_api_key.region"',
  ],
])("refuses %s, and says where and what to do, but not what stands there", (_name, value, message) => {
  let error: unknown;
  try {
    parse(value);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ name: "LoginError", kind: "invalid_login" });
  const { message: text } = error as Error;
  expect(text).toContain("the login in auth.json cannot be used");
  expect(text).toContain(message);
  expect(text).toContain("sign in again");
  expect(inspect(error, { showHidden: true, depth: 10 })).not.toContain("secret-");
});

test("every truncation of a login is refused", () => {
  const text = JSON.stringify(chatgptLogin());
  for (let length = 0; length < text.length; length += 1) {
    expect(() => parse(text.slice(0, length))).toThrow("is not complete JSON");
  }
});

test.each<[AuthJson, string]>([
  [{ auth_mode: "agentIdentity", personal_access_token: "at-1" }, "agentIdentity"],
  [{ personal_access_token: "at-1", OPENAI_API_KEY: "sk-1" }, "personalAccessToken"],
  [{ bedrock_api_key: { api_key: "k", region: "r" }, OPENAI_API_KEY: "sk-1" }, "bedrockApiKey"],
  [{ OPENAI_API_KEY: "sk-1", tokens: null }, "apikey"],
  [{ OPENAI_API_KEY: null, agent_identity: "h.p.s" }, "chatgpt"],
  [{}, "chatgpt"],
])("resolves the mode of %j to %s", (auth, mode) => {
  expect(storedAuthMode(auth)).toBe(mode);
});

test.each<[string, number | undefined]>([
  ["2026-06-24T12:00:00.123456789Z", Date.UTC(2026, 5, 24, 12, 0, 0, 123)],
  ["2026-06-24t12:00:00z", Date.UTC(2026, 5, 24, 12)],
  ["2026-06-24T14:00:00+02:00", Date.UTC(2026, 5, 24, 12)],
  ["2026-06-24", undefined],
  ["2026-13-24T12:00:00Z", undefined],
  ["", undefined],
])("reads the timestamp %s", (text, epochMs) => {
  expect(parseTimestamp(text)).toBe(epochMs);
});
