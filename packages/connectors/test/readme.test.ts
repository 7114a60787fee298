import type { DirectoryPage } from "@codex-ts/protocol";
import { directoryPageSchema } from "@codex-ts/protocol/schemas";
import { expect, test } from "vitest";
import {
  AppPolicy,
  accessibleConnectors,
  type ConnectorTool,
  mergeAccessibleConnectors,
  toDirectoryConnectors,
} from "../src/index.js";

test("README example, as it is written", () => {
  const apps = [
    { id: "drive", name: "Drive" },
    { id: "calendar", name: "Calendar" },
  ];
  const pages: readonly DirectoryPage[] = [directoryPageSchema.parse({ apps })];
  const tools: readonly ConnectorTool[] = [{ server_name: "codex_apps", connector_id: "calendar" }];
  const written: string[] = [];
  const write = (text: string): number => written.push(text);

  const directory = toDirectoryConnectors(pages.flatMap(({ apps }) => apps));
  const accessible = accessibleConnectors(tools); // as `codex_apps` lists them
  const merged = mergeAccessibleConnectors(directory, accessible, { allConnectorsLoaded: true });

  const policy = new AppPolicy({
    config: { _default: { destructive_enabled: false }, drive: { enabled: false } },
  });
  for (const { name, isAccessible, isEnabled } of policy.applyEnabledState(merged)) {
    write(`${name}: ${isAccessible ? "connected" : "not connected"}, ${isEnabled ? "on" : "off"}`);
  }
  const decided = policy.toolPolicy({
    connectorId: "calendar",
    name: "events/delete",
    destructiveHint: true,
  });

  expect(written).toEqual(["Calendar: connected, on", "Drive: not connected, off"]);
  expect(decided).toStrictEqual({ enabled: false, approval: "auto" });
});
