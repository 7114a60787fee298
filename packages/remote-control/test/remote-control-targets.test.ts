import { expect, test } from "vitest";
import { isRemoteControlError, toTargets } from "../src/index.js";
import { readVectors } from "./support/read-vectors.js";

interface TargetCase {
  readonly url: string;
  readonly expected: Readonly<Record<string, string>>;
}

const { remote_control_targets: cases } = readVectors<{
  readonly remote_control_targets: readonly TargetCase[];
}>("backend-urls");

test.each(cases.filter(({ expected }) => "websocket" in expected))(
  "vector: allows $url",
  ({ url, expected }) => {
    const { websocket, enroll, refresh, pair, pairStatus } = toTargets(url);
    expect({ websocket, enroll, refresh, pair, pair_status: pairStatus }).toStrictEqual(expected);
  },
);

test.each(cases.filter(({ expected }) => "error_kind" in expected))(
  "vector: refuses $url",
  ({ url, expected }) => {
    const error = refusalOf(url);
    expect(error.kind).toBe("invalid_input");
    expect(expected["error_kind"]).toBe("InvalidInput");
    if (expected["error"] !== undefined) expect(error.message).toBe(expected["error"]);
    expect(error.message.startsWith(expected["error_starts_with"] ?? "")).toBe(true);
  },
);

test.each([
  "http://chatgpt.com/backend-api",
  "ftp://localhost/",
  "https://notchatgpt.com/",
  "https://localhost.evil.example/",
  "http://128.0.0.1/",
  "wss://chatgpt.com/backend-api",
])("refuses %s", (url) => {
  expect(refusalOf(url)).toMatchObject({ kind: "invalid_input", code: "invalid_url" });
});

test("shows no password of a URL", () => {
  const message =
    refusalOf("https://user:hunter2@chatgpt.com/").message + refusalOf("http://u:hunter2@[").message;
  expect(message).not.toContain("hunter2");
});

test("ids stand in the path as they are, encoded", () => {
  const { clients, client } = toTargets("https://chatgpt.com/backend-api");
  const base = "https://chatgpt.com/backend-api/wham/remote/control/environments";
  expect(clients("env 1/ü?")).toBe(`${base}/env%201%2F%C3%BC%3F/clients`);
  expect(client("e", "a b/c?d")).toBe(`${base}/e/clients/a%20b%2Fc%3Fd`);
});

test.each([".", "..", "\ud800"])("%j is no id", (id) => {
  const { client } = toTargets("https://chatgpt.com/backend-api");
  expect(() => client("e", id)).toThrow(expect.objectContaining({ kind: "invalid_input" }));
});

function refusalOf(url: string) {
  try {
    toTargets(url);
  } catch (error) {
    if (isRemoteControlError(error)) return error;
  }
  throw new Error("it was allowed");
}
