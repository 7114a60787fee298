import { expect, test } from "vitest";
import { modelProviderTableSchema, modelsCacheFileSchema } from "../src/schemas/index.js";

test("an empty table has the defaults of the file, and nothing that is not set", () => {
  expect(modelProviderTableSchema.parse({})).toStrictEqual({
    name: "",
    wire_api: "responses",
    requires_openai_auth: false,
    supports_websockets: false,
  });
});

test("a command is all that a table auth needs", () => {
  expect(modelProviderTableSchema.parse({ auth: { command: "print-token" } }).auth).toStrictEqual({
    command: "print-token",
    args: [],
    timeout_ms: 5000,
    refresh_interval_ms: 300_000,
    cwd: ".",
  });
});

test("0 means that a token is refreshed only when it was refused", () => {
  const { auth } = modelProviderTableSchema.parse({ auth: { command: "c", refresh_interval_ms: 0 } });
  expect(auth?.refresh_interval_ms).toBe(0);
});

test("members that nobody knows are left out", () => {
  expect(modelProviderTableSchema.parse({ name: "n", next_year: 1 })).not.toHaveProperty("next_year");
});

test.each([
  [{ base_url: 1 }, ["base_url"]],
  [{ wire_api: "grpc" }, ["wire_api"]],
  [{ request_max_retries: -1 }, ["request_max_retries"]],
  [{ request_max_retries: 1.5 }, ["request_max_retries"]],
  [{ auth: {} }, ["auth", "command"]],
  [{ auth: { command: "c", timeout_ms: 0 } }, ["auth", "timeout_ms"]],
  [{ auth: { command: "c", args: [1] } }, ["auth", "args", 0]],
  [{ http_headers: { "x-a": 1 } }, ["http_headers", "x-a"]],
  [{ requires_openai_auth: "yes" }, ["requires_openai_auth"]],
])("refuses %j at %j", (table, path) => {
  expect(modelProviderTableSchema.safeParse(table).error?.issues[0]?.path).toEqual(path);
});

test.each([{}, { schema_version: 2 }, { fetched_at: "yesterday" }, { models: [{ slug: "m" }] }])(
  "a cache file with %j is none",
  (wrong) => {
    const file = {
      schema_version: 1,
      key: "k",
      fetched_at: "2026-06-24T12:00:00.123456Z",
      client_version: "1.0.0",
    };
    expect(modelsCacheFileSchema.parse({ ...file, models: [] })).toEqual({ ...file, etag: null, models: [] });
    expect(modelsCacheFileSchema.safeParse({ ...file, ...wrong }).success).toBe(false);
  },
);
