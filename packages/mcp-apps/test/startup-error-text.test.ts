import { expect, test } from "vitest";
import { McpAppsError, startupErrorText } from "../src/index.js";

const url = "https://api.githubcopilot.com/mcp/";

test("tells how to log in", () => {
  const expected = "The docs MCP server is not logged in. Run `codex mcp login docs`.";
  for (const error of [new McpAppsError("x", { kind: "unauthorized" }), new Error("Auth required: x")])
    expect(startupErrorText(error, { serverName: "docs" })).toBe(expected);
});

test("tells how to give a slow server more time", () => {
  const expected =
    "MCP client for `codex_apps` timed out after 30 seconds. Add or adjust `startup_timeout_sec` in your config.toml:\n[mcp_servers.codex_apps]\nstartup_timeout_sec = XX";
  for (const error of [
    new McpAppsError("x", { kind: "timeout" }),
    new Error("request timed out"),
    new Error("timed out handshaking with MCP server after 30s"),
  ])
    expect(startupErrorText(error)).toBe(expected);
  expect(startupErrorText(new Error("request timed out"), { startupTimeoutMs: 500 })).toContain(
    "after 0.5 seconds",
  );
});

test("tells that GitHub wants a token, unless there is one", () => {
  expect(startupErrorText(new Error("x"), { url, serverName: "gh" })).toMatch(
    /token.*\n\[mcp_servers\.gh\]\n/,
  );
  expect(startupErrorText(new Error("x"), { url, hasCredential: true })).not.toContain("token");
});

test("tells what went wrong otherwise", () => {
  expect(startupErrorText(new Error("boom"), { url: "https://docs.example" })).toBe(
    "MCP client for `codex_apps` failed to start: MCP startup failed: boom",
  );
  expect(startupErrorText("boom")).toContain("failed: boom");
});
