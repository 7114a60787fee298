import { codexAppsServerName, sanitizeConnectorName } from "@codex-ts/connectors";
import type { McpTool, McpToolInfo } from "@codex-ts/protocol";
import { isJsonObject } from "./json-object.js";

/** What the server of a listed tool adds to it. */
export interface ToolServerFacts {
  /** @defaultValue "codex_apps" */
  readonly serverName?: string | undefined;
  /** What the server says about itself when it is initialized. */
  readonly serverInstructions?: string | undefined;
  readonly serverOrigin?: string | undefined;
  /** @defaultValue false */
  readonly supportsParallelToolCalls?: boolean | undefined;
}

/**
 * Turns a listed tool into the form in which it is kept: the tools of Codex Apps are named after their connector, those
 * of any other server keep their names and lose what they say about connectors.
 */
export function toToolInfo(tool: McpTool, facts: ToolServerFacts = {}): McpToolInfo {
  const { serverName = codexAppsServerName, serverInstructions = null } = facts;
  const shared = {
    server_name: serverName,
    supports_parallel_tool_calls: facts.supportsParallelToolCalls ?? false,
    server_origin: facts.serverOrigin ?? null,
  };
  if (serverName !== codexAppsServerName) {
    return {
      ...shared,
      tool_name: tool.name,
      tool_namespace: serverName,
      namespace_description: serverInstructions,
      tool: withoutConnector(tool),
      connector_id: null,
      connector_name: null,
      plugin_display_names: [],
    };
  }
  const { id, name, description } = connectorOf(tool);
  const names = connectorToolNames({
    name: tool.name,
    title: tool.title,
    connectorId: id,
    connectorName: name,
  });
  return {
    ...shared,
    tool_name: names.name,
    tool_namespace: names.namespace,
    namespace_description:
      id === null && name === null && description === null ? serverInstructions : description,
    tool: typeof tool.title === "string" ? { ...tool, title: names.title } : tool,
    connector_id: id,
    connector_name: name,
    plugin_display_names: [],
  };
}

/** A tool of Codex Apps, before it is named after its connector. */
interface ConnectorToolNaming {
  readonly name: string;
  readonly title?: string | null | undefined;
  readonly connectorId: string | null;
  readonly connectorName: string | null;
}

/**
 * Names a tool of Codex Apps: the connector is the namespace, and not said again by name and title.
 *
 * @internal
 */
export function connectorToolNames({ name, title = null, connectorId, connectorName }: ConnectorToolNaming): {
  readonly name: string;
  readonly namespace: string;
  readonly title: string | null;
} {
  const whole = sanitizeConnectorName(name);
  return {
    name:
      withoutPrefix(whole, connectorName === null ? "" : sanitizeConnectorName(connectorName)) ??
      withoutPrefix(whole, connectorId === null ? "" : sanitizeConnectorName(connectorId)) ??
      whole,
    namespace:
      connectorName === null
        ? codexAppsServerName
        : `${codexAppsServerName}__${sanitizeConnectorName(connectorName)}`,
    title:
      title === null || connectorName === null
        ? title
        : (withoutPrefix(title, `${connectorName.trim()}_`) ?? title),
  };
}

/** Nothing, if the prefix is not there or is all there is. */
function withoutPrefix(text: string, prefix: string): string | undefined {
  const isPrefix = prefix !== "" && text.startsWith(prefix) && text.length > prefix.length;
  return isPrefix ? text.slice(prefix.length) : undefined;
}

function connectorOf({ _meta: meta }: McpTool): Record<"description" | "id" | "name", string | null> {
  const text = (member: string): string | null => {
    const value = meta?.[member];
    const trimmed = typeof value === "string" ? value.trim() : "";
    return trimmed === "" ? null : trimmed;
  };
  return {
    id: text("connector_id"),
    name: text("connector_name") ?? text("connector_display_name"),
    description: text("connector_description") ?? text("connectorDescription"),
  };
}

const connectorMembers: ReadonlySet<string> = new Set([
  "connectorDescription",
  "connector_description",
  "connector_display_name",
  "connector_id",
  "connector_name",
]);

function withoutConnector(tool: McpTool): McpTool {
  if (!isJsonObject(tool._meta)) return tool;
  const kept = Object.entries(tool._meta).filter(([member]) => !connectorMembers.has(member));
  return { ...tool, _meta: Object.fromEntries(kept) };
}
