import { mkdir, readFile, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { loginWithApiKey, loginWithBedrockApiKey } from "../../src/index.js";
import { takeLock } from "../../src/storage/lock-folder.js";
import { openFlowWorld } from "./support/flow-world.js";

const account = { isFedramp: false, isWorkspace: false };

test("an API key takes the place of whatever was stored", async () => {
  const { login, home, authFile, issuer } = await openFlowWorld();
  await mkdir(home);
  await writeFile(authFile, '{"auth_mode":"chatgpt","agent_identity":"a.b.c","mine":1}');
  expect(await loginWithApiKey("  sk-new\n", login)).toEqual({
    mode: "apikey",
    account,
    hasApiKey: true,
    location: authFile,
  });
  expect(await readFile(authFile, "utf8")).toBe(
    '{\n  "auth_mode": "apikey",\n  "OPENAI_API_KEY": "sk-new"\n}',
  );
  expect(issuer.requests).toEqual([]);
});

test("a Bedrock key is stored with its region", async () => {
  const { login, readAuth } = await openFlowWorld();
  const completed = await loginWithBedrockApiKey({ apiKey: " bedrock-key ", region: "us-east-1" }, login);
  expect(completed).toMatchObject({ mode: "bedrockApiKey", account, hasApiKey: true });
  expect(await readAuth()).toEqual({
    auth_mode: "bedrockApiKey",
    OPENAI_API_KEY: null,
    bedrock_api_key: { api_key: "bedrock-key", region: "us-east-1" },
  });
});

test.each([
  ["", "the API key is empty"],
  [" \n", "the API key is empty"],
  ["sk-secret-one sk-secret-two", /^the API key holds white space or other characters/],
  ["sk-secret\u0000", /^the API key holds white space or other characters/],
  ["sk-secret…", /^the API key holds white space or other characters/],
])("%j is no API key", async (key, message) => {
  const { login, readAuth } = await openFlowWorld();
  const error: unknown = await loginWithApiKey(key, login).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: "invalid_token", message: expect.stringMatching(message) });
  expect(inspect(error, { showHidden: true })).not.toContain("sk-secret");
  expect(await readAuth()).toBeUndefined();
});

test.each([
  [{ apiKey: "", region: "us-east-1" }, "the Bedrock API key is empty"],
  [{ apiKey: "key", region: " " }, "the region is empty"],
])("%j is no Bedrock key", async (key, message) => {
  const { login, readAuth } = await openFlowWorld();
  await expect(loginWithBedrockApiKey(key, login)).rejects.toMatchObject({ kind: "invalid_token", message });
  expect(await readAuth()).toBeUndefined();
});

test("with only ChatGPT logins allowed, keys are refused", async () => {
  const { login, readAuth } = await openFlowWorld();
  const options = { ...login, forcedLoginMethod: "chatgpt" } as const;
  const refusal = { kind: "restricted", message: "API key login is disabled. Use ChatGPT login instead." };
  await expect(loginWithApiKey("sk-1", options)).rejects.toMatchObject(refusal);
  await expect(loginWithBedrockApiKey({ apiKey: "k", region: "r" }, options)).rejects.toMatchObject(refusal);
  expect(await readAuth()).toBeUndefined();
});

test("a sign-in that is given up while it waits for the lock stores nothing", async () => {
  const { login, home, authFile, readAuth } = await openFlowWorld();
  await mkdir(home);
  const held = await takeLock(authFile);
  const controller = new AbortController();
  const signingIn = loginWithApiKey("sk-1", { ...login, signal: controller.signal });
  controller.abort("never mind");
  await expect(signingIn).rejects.toMatchObject({ kind: "aborted", cause: "never mind" });
  await held?.release();
  expect(await readAuth()).toBeUndefined();
});
