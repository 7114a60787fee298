import { expect, test } from "vitest";
import { tokenGeneration } from "../../src/tokens/generation.js";

const tokens = { id_token: "id", access_token: "access", refresh_token: "refresh", account_id: null };

test("is the same for the same tokens, whatever else is stored with them", () => {
  expect(tokenGeneration({ ...tokens, unknown: 1 })).toBe(tokenGeneration(tokens));
  expect(tokenGeneration({ ...tokens, account_id: undefined })).toBe(tokenGeneration(tokens));
});

test.each(["id_token", "access_token", "refresh_token", "account_id"])("changes with %s", (name) => {
  expect(tokenGeneration({ ...tokens, [name]: "other" })).not.toBe(tokenGeneration(tokens));
});

test("does not mix up where one token ends and the next begins", () => {
  expect(tokenGeneration({ ...tokens, access_token: "a", refresh_token: "bc" })).not.toBe(
    tokenGeneration({ ...tokens, access_token: "ab", refresh_token: "c" }),
  );
});

test("holds nothing of the tokens", () => {
  expect(tokenGeneration(tokens)).toMatch(/^[\w-]{43}$/);
  expect(tokenGeneration(undefined)).toMatch(/^[\w-]{43}$/);
});
