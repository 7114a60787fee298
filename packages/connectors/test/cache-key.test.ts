import type { AccountIdentity } from "@codex-ts/auth-provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AccountCacheKey,
  accountCacheKey,
  accountCachePath,
  cacheKeyJson,
  type DirectoryCacheKey,
  directoryCacheKey,
  directoryCachePath,
} from "../src/index.js";
import { readVectors } from "./support/read-vectors.js";

interface KeyVector<Key> {
  readonly key: Key;
  readonly key_json: string;
  readonly relative_path: string;
}

const vectors = readVectors<{
  readonly connector_directory: readonly KeyVector<DirectoryCacheKey>[];
  readonly codex_apps_tools: readonly KeyVector<AccountCacheKey>[];
  readonly codex_apps_server_info: readonly KeyVector<AccountCacheKey>[];
}>("cache-keys");

function identityOf({ account_id, chatgpt_user_id, is_workspace_account }: AccountCacheKey): AccountIdentity {
  return {
    ...(account_id === null ? {} : { accountId: account_id }),
    ...(chatgpt_user_id === null ? {} : { userId: chatgpt_user_id }),
    isFedramp: false,
    isWorkspace: is_workspace_account,
  };
}

describe("vectors: cache-keys", () => {
  test.each(vectors.connector_directory)("directory $key_json", ({ key, key_json, relative_path }) => {
    expect(cacheKeyJson(key)).toBe(key_json);
    expect(directoryCachePath(key)).toBe(relative_path);
  });

  test.each(vectors.codex_apps_tools)("tools $key_json", ({ key, key_json, relative_path }) => {
    expect(cacheKeyJson(key)).toBe(key_json);
    expect(accountCachePath("codex_apps_tools", key)).toBe(relative_path);
  });

  test.each(vectors.codex_apps_server_info)("server info $key_json", ({ key, key_json, relative_path }) => {
    expect(cacheKeyJson(key)).toBe(key_json);
    expect(accountCachePath("codex_apps_server_info", key)).toBe(relative_path);
  });

  test("every key with its ids comes from the identity of its account", () => {
    const complete = ({ key }: KeyVector<AccountCacheKey>) =>
      key.account_id !== null && key.chatgpt_user_id !== null;
    const directories = vectors.connector_directory.filter(complete);
    const tools = vectors.codex_apps_tools.filter(complete);
    expect([directories.length, tools.length]).toEqual([2, 2]);
    for (const { key } of directories)
      expect(directoryCacheKey(key.chatgpt_base_url, identityOf(key))).toStrictEqual(key);
    for (const { key } of tools) expect(accountCacheKey(identityOf(key))).toStrictEqual(key);
  });
});

test("a key of a directory is good for the account's files too", () => {
  const account: AccountIdentity = { accountId: "a", userId: "u", isFedramp: false, isWorkspace: false };
  const [directory, own] = [directoryCacheKey("https://chatgpt.com", account), accountCacheKey(account)];
  expect(directory && accountCachePath("codex_apps_tools", directory)).toBe(
    own && accountCachePath("codex_apps_tools", own),
  );
});

test("the order of the members of a key does not matter", () => {
  const key = { is_workspace_account: false, chatgpt_user_id: "user-1", account_id: "acct-1" };
  expect(accountCachePath("codex_apps_tools", key)).toBe(vectors.codex_apps_tools[0]?.relative_path);
});

test.each<[string, Partial<AccountIdentity>]>([
  ["any id", {}],
  ["an account id", { userId: "user-1" }],
  ["an account id that is not empty", { accountId: "", userId: "user-1" }],
  ["a user id in a workspace", { accountId: "acct-1", isWorkspace: true }],
  ["a user id that is not empty in a workspace", { accountId: "acct-1", userId: "", isWorkspace: true }],
])("there is no key for an account without %s, which could be that of another one", (_what, facts) => {
  const account: AccountIdentity = { isFedramp: false, isWorkspace: false, ...facts };
  expect(accountCacheKey(account)).toBeUndefined();
  expect(directoryCacheKey("https://chatgpt.com", account)).toBeUndefined();
});

test("the account of a person needs no user id", () => {
  const key = accountCacheKey({ accountId: "acct-1", isFedramp: false, isWorkspace: false });
  expect(key).toStrictEqual({ account_id: "acct-1", chatgpt_user_id: null, is_workspace_account: false });
});

test("two accounts never share a key, whatever their ids are", () => {
  const tricky = ["", "a", "A", "null", '"', '","', "a\u0000", 'a","chatgpt_user_id":"b', "\ud800", "\ufffd"];
  const id = fc.constantFrom(undefined, ...tricky);
  const identity = fc.record({ accountId: id, userId: id, isWorkspace: fc.boolean() });
  const baseUrl = fc.constantFrom("https://chatgpt.com/backend-api", "https://chatgpt.com/backend-api/");
  fc.assert(
    fc.property(identity, identity, baseUrl, baseUrl, (one, other, oneUrl, otherUrl) => {
      const paths = [pathFor(one as AccountIdentity, oneUrl), pathFor(other as AccountIdentity, otherUrl)];
      const isSame =
        one.accountId === other.accountId &&
        (one.userId ?? "") === (other.userId ?? "") &&
        one.isWorkspace === other.isWorkspace &&
        oneUrl === otherUrl;
      if (!isSame && paths[0] !== undefined) expect(paths[0]).not.toBe(paths[1]);
    }),
    { numRuns: 300 },
  );
});

function pathFor(account: AccountIdentity, baseUrl: string): string | undefined {
  const key = directoryCacheKey(baseUrl, account);
  return key && directoryCachePath(key);
}
