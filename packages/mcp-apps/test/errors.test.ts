import { inspect } from "node:util";
import { expect, test } from "vitest";
import { isMcpAppsError, McpAppsError } from "../src/index.js";

test("an error is known by its brand, also that of another copy of the package", () => {
  const foreign = { [Symbol.for("@codex-ts/mcp-apps.McpAppsError")]: true };
  expect(isMcpAppsError(new McpAppsError("x", { kind: "http" }))).toBe(true);
  expect(isMcpAppsError(foreign)).toBe(true);
  expect(isMcpAppsError(Object.assign(new Error("x"), { name: "McpAppsError", kind: "http" }))).toBe(false);
  for (const value of [undefined, null, "McpAppsError", {}]) expect(isMcpAppsError(value)).toBe(false);
});

test("the body of an answer is at hand, but in no dump", () => {
  const error = new McpAppsError("x", { kind: "http", status: 400, body: "what the server said" });
  expect(error.body).toBe("what the server said");
  expect(inspect(error) + JSON.stringify(error)).not.toContain("what the server said");
});

test("keeps facts and cause", () => {
  const facts = { status: 429, rpcCode: -1, retryAfterMs: 5, requestId: "req_1" };
  const error = new McpAppsError("x", { kind: "http", cause: "c", ...facts });
  expect(error).toMatchObject({ name: "McpAppsError", kind: "http", cause: "c", ...facts });
  expect("cause" in new McpAppsError("x", { kind: "http" })).toBe(false);
});
