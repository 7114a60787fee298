import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "@codex-ts/client";
import { accessibleConnectors } from "@codex-ts/connectors";
import { startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { ChatgptClient } from "../src/index.js";
import { temporaryFolder } from "./support/start-client.js";
import { TestLogin, workspace } from "./support/test-login.js";

test("README example, but for base URL and folder as it is written", async () => {
  await using backend = await startBackend({
    bearerTokens: [{ token: workspace.token, accountId: "account-w" }],
  });
  backend.connectors.add({ id: "calendar", name: "Calendar" });
  backend.connectors.add({ id: "drive", name: "Drive" });
  backend.cloud.addTask({ id: "task_123", attempts: [{ isPullRequest: true }] });
  const baseUrl = backend.urls.chatgpt;
  const auth = new TestLogin(workspace);
  const home = await temporaryFolder();
  const work = await temporaryFolder();
  execFileSync("git", ["init", "--quiet"], { cwd: work });
  const accessible = accessibleConnectors([{ server_name: "codex_apps", connector_id: "drive" }]);
  const written: string[] = [];
  const write = (text: string): number => written.push(text);

  await using transport = createTransport();
  const chatgpt = new ChatgptClient({ transport, baseUrl, auth, home });

  for (const { name, isAccessible, installUrl } of await chatgpt.listConnectors({ accessible })) {
    write(isAccessible ? `${name} is connected` : `${name} can be connected at ${installUrl}`);
  }
  if (await chatgpt.arePluginsEnabled()) write("Plugins may be used");
  const { appliedPaths } = await chatgpt.applyTask("task_123", { cwd: work });
  write(`Changed ${appliedPaths.join(", ")}`);

  expect(written).toEqual([
    "Drive is connected",
    "Calendar can be connected at https://chatgpt.com/apps/calendar/calendar",
    "Plugins may be used",
    "Changed codex-task.md",
  ]);
  expect(await readFile(join(work, "codex-task.md"), "utf8")).toContain("Fix it");
});
