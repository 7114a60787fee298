import type { McpToolInfo } from "@codex-ts/protocol";

/** A tool as it is kept, of which only some facts matter. */
export function toolInfo(facts: Partial<McpToolInfo> = {}): McpToolInfo {
  return {
    server_name: "codex_apps",
    supports_parallel_tool_calls: false,
    server_origin: null,
    tool_name: "find",
    tool_namespace: "codex_apps",
    namespace_description: null,
    tool: { name: "find" },
    connector_id: null,
    connector_name: null,
    plugin_display_names: [],
    ...facts,
  };
}
