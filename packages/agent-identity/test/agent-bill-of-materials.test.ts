import { expect, test } from "vitest";
import { agentBillOfMaterials } from "../src/index.js";

const agentVersion = "1.2.3";

test.each([
  ["linux", "cli-linux"],
  ["darwin", "cli-macos"],
  ["win32", "cli-windows"],
  ["freebsd", "cli-freebsd"],
] as const)("names the operating system %s in %s", (platform, location) => {
  expect(agentBillOfMaterials({ agentVersion, platform }).running_location).toBe(location);
});

test.each([
  ["vscode", "codex-app", "vscode-linux"],
  ["exec", "codex-cli", "exec-linux"],
  [{ custom: "atlas" }, "codex-cli", "atlas-linux"],
  [{ subagent: "review" }, "codex-cli", "subagent_review-linux"],
] as const)("names the program of session source %j", (sessionSource, harness, location) => {
  expect(agentBillOfMaterials({ agentVersion, sessionSource, platform: "linux" })).toEqual({
    agent_version: "1.2.3",
    agent_harness_id: harness,
    running_location: location,
  });
});

test("describes this machine when nothing else is said", () => {
  expect(agentBillOfMaterials({ agentVersion }).running_location).toMatch(/^cli-[a-z]+$/);
});
