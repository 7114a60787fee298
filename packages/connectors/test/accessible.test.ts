import { expect, test } from "vitest";
import { accessibleConnectors, type ConnectorTool } from "../src/index.js";
import { idsOf } from "./support/connector.js";

function tool(facts: Partial<ConnectorTool>): ConnectorTool {
  return { server_name: "codex_apps", connector_id: "mail", ...facts };
}

test("a connector is accessible when the apps server has a tool of it", () => {
  const tools = [
    tool({
      connector_name: " Mail ",
      plugin_display_names: ["b", "a"],
      namespace_description: " Reads mail ",
    }),
    tool({ connector_name: "Other", plugin_display_names: ["a"], namespace_description: "Other" }),
    tool({ connector_id: "x", server_name: "docs" }),
    tool({ connector_id: null }),
    tool({ connector_id: undefined }),
    tool({ connector_id: "" }),
  ];
  expect(accessibleConnectors(tools)).toMatchObject([
    {
      id: "mail",
      name: "Mail",
      description: "Reads mail",
      isAccessible: true,
      isEnabled: true,
      pluginDisplayNames: ["a", "b"],
      installUrl: "https://chatgpt.com/apps/mail/mail",
    },
  ]);
  expect(accessibleConnectors(tools)).toHaveLength(1);
});

test("tools that only offer a link are hidden from the app list, and there for the model", () => {
  const link = { _meta: { _codex_apps: { synthetic_link: true } } };
  const tools = [
    tool({ connector_id: "linked", tool: { _meta: { _codex_apps: { synthetic_link: false } } } }),
    tool({ connector_id: "link", tool: link }),
    tool({ connector_id: "both", tool: link }),
    tool({ connector_id: "both", tool: {} }),
    tool({ connector_id: "text", tool: { _meta: { _codex_apps: { synthetic_link: "true" } } } }),
    tool({ connector_id: "odd", tool: { _meta: { _codex_apps: 1 } } }),
  ];
  expect(idsOf(accessibleConnectors(tools))).toEqual(["both", "linked", "odd", "text"]);
  expect(idsOf(accessibleConnectors(tools, { includeSyntheticLinks: true }))).toEqual([
    "both",
    "link",
    "linked",
    "odd",
    "text",
  ]);
});

test("install URLs lead to the ChatGPT that is asked for", () => {
  const [mail] = accessibleConnectors([tool({})], { chatgptBaseUrl: "https://chatgpt.example" });
  expect(mail?.installUrl).toBe("https://chatgpt.example/apps/mail/mail");
});
