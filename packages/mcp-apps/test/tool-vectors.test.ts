import type { McpTool, McpToolInfo } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { codexAppsServer, codexAppsServerUrl, toModelTools, toToolInfo } from "../src/index.js";
import { connectorToolNames } from "../src/tool-info.js";
import { readVectors } from "./support/read-vectors.js";
import { toolInfo } from "./support/tool-info.js";

interface NamedTool {
  readonly server_name: string;
  readonly tool_namespace: string;
  readonly tool_name: string;
  readonly raw_name: string;
}

interface Vectors {
  readonly server_urls: readonly {
    readonly chatgpt_base_url: string;
    readonly apps_url: string;
    readonly hosted_plugin_runtime_url: string;
    readonly chatgpt_auth_kept: boolean;
  }[];
  readonly names: readonly {
    readonly input: {
      readonly tool: string;
      readonly connector_id: string | null;
      readonly connector_name: string | null;
      readonly title: string;
    };
    readonly expected: { readonly callable_name: string; readonly namespace: string; readonly title: string };
  }[];
  readonly listed_tools: readonly {
    readonly tool: McpTool;
    readonly server_instructions: string;
    readonly expected: Partial<McpToolInfo> & { readonly title: string | null };
  }[];
  readonly model_names: readonly {
    readonly input: {
      readonly prefix: boolean;
      readonly tools: readonly (NamedTool & { readonly connector_id: string | null })[];
    };
    readonly expected: readonly NamedTool[];
  }[];
  readonly input_schemas: readonly { readonly tool: McpTool; readonly expected_input_schema: object }[];
  readonly plugin_notes: readonly {
    readonly input: { readonly description: string | null; readonly plugins: readonly string[] };
    readonly expected_description: string;
  }[];
}

const vectors = readVectors<Vectors>("codex-apps-tools");

test.each(vectors.server_urls)("finds the server of $chatgpt_base_url", (vector) => {
  const { chatgpt_base_url: chatgptBaseUrl } = vector;
  const apps = codexAppsServer({ chatgptBaseUrl, endpoint: "apps" });
  const plugins = codexAppsServer({ chatgptBaseUrl });
  expect({
    apps_url: apps.url,
    hosted_plugin_runtime_url: plugins.url,
    chatgpt_auth_kept: [apps.auth, plugins.auth],
  }).toEqual({
    apps_url: vector.apps_url,
    hosted_plugin_runtime_url: vector.hosted_plugin_runtime_url,
    chatgpt_auth_kept: vector.chatgpt_auth_kept ? ["chatgpt", "chatgpt"] : ["none", "none"],
  });
  expect(codexAppsServerUrl(chatgptBaseUrl, "apps")).toBe(vector.apps_url);
});

test.each(vectors.names)("names $input.tool of $input.connector_name", ({ input, expected }) => {
  const { name, namespace, title } = connectorToolNames({
    name: input.tool,
    title: input.title,
    connectorId: input.connector_id,
    connectorName: input.connector_name,
  });
  expect({ callable_name: name, namespace, title }).toEqual(expected);
});

test.each(vectors.listed_tools)("keeps the listed tool $tool", ({ tool, server_instructions, expected }) => {
  const info = toToolInfo(tool, { serverInstructions: server_instructions });
  const { tool_name, tool_namespace, namespace_description, connector_id, connector_name } = info;
  expect({
    tool_name,
    tool_namespace,
    namespace_description,
    connector_id,
    connector_name,
    title: info.tool.title ?? null,
  }).toEqual(expected);
});

test.each(vectors.model_names.map((vector, index) => [index, vector] as const))(
  "shows names to the model, case %i, in any order of the tools",
  (_index, { input, expected }) => {
    const infos = input.tools.map(({ raw_name, ...names }) =>
      toolInfo({ ...names, tool: { name: raw_name } }),
    );
    for (const order of [infos, infos.toReversed()]) {
      const shown = toModelTools(order, { mcpPrefix: input.prefix }).map(({ info, namespace, name }) => ({
        server_name: info.server_name,
        raw_name: info.tool.name,
        tool_namespace: namespace,
        tool_name: name,
      }));
      expect(shown).toEqual(expected);
    }
  },
);

test.each(vectors.input_schemas)("shows files as paths: $tool._meta", ({ tool, expected_input_schema }) => {
  const before = structuredClone(tool);
  expect(toModelTools([toToolInfo(tool)])[0]?.inputSchema).toEqual(expected_input_schema);
  expect(tool).toEqual(before);
});

test.each(vectors.plugin_notes)(
  "says of which plugins a tool is: $input",
  ({ input, expected_description }) => {
    const tool = toolInfo({ connector_id: "c1", tool: { name: "x", description: input.description } });
    const plugins = input.plugins.map((displayName) => ({ displayName, connectorIds: ["c1"] }));
    expect(toModelTools([tool], { plugins })[0]?.description).toBe(expected_description);
  },
);
