import { createHash } from "node:crypto";
import type { McpToolInfo } from "@codex-ts/protocol";

/** The name of a tool as the model sees it. */
export interface ModelToolName {
  readonly namespace: string;
  readonly name: string;
}

/** A tool with the name that it gets. */
export interface NamedTool extends ModelToolName {
  readonly info: McpToolInfo;
}

/**
 * Gives each tool a name that the model can call: letters, digits and underscores, unique, and short enough when
 * namespace and name are joined. The same set of tools gets the same names in any order. Exact duplicates are dropped.
 *
 * @param hasMcpPrefix - Whether namespaces start with `mcp__`.
 */
export function toModelNames(infos: Iterable<McpToolInfo>, hasMcpPrefix: boolean): readonly NamedTool[] {
  const candidates = [...distinct(infos)].map(([identity, info]) => candidate(identity, info, hasMcpPrefix));
  const namespaceOwners = owners(candidates, ({ namespace }) => namespace, namespaceIdentity);
  const spaced = candidates.map((tool) =>
    namespaceOwners(tool) > 1 ? { ...tool, namespace: withNamespaceHash(tool) } : tool,
  );
  const nameOwners = owners(spaced, ({ namespace, name }) => `${namespace}\0${name}`, identityOf);
  const named = spaced.map((tool) =>
    nameOwners(tool) > 1 ? { ...tool, name: tool.name + hashSuffix(tool.identity) } : tool,
  );
  const used = new Set<string>();
  return named.sort(byIdentity).map((tool) => {
    const fitted = fit(tool, used);
    used.add(fitted.namespace + fitted.name);
    return { ...fitted, info: tool.info };
  });
}

interface Candidate extends NamedTool {
  /** Server, namespace, connector, name and raw name, separated by NUL. */
  readonly identity: string;
}

/** Providers limit names to 64 bytes; two are for the separator that joins namespace and name. */
const maxJoinedLength = 64 - 2;

function distinct(infos: Iterable<McpToolInfo>): ReadonlyMap<string, McpToolInfo> {
  const byIdentity = new Map<string, McpToolInfo>();
  for (const info of infos) {
    const identity = `${namespaceIdentityOf(info)}\0${info.tool_name}\0${info.tool.name}`;
    if (!byIdentity.has(identity)) byIdentity.set(identity, info);
  }
  return byIdentity;
}

function candidate(identity: string, info: McpToolInfo, hasMcpPrefix: boolean): Candidate {
  const namespace = sanitize(info.tool_namespace);
  const prefixed = hasMcpPrefix && !namespace.startsWith("mcp__") ? `mcp__${namespace}` : namespace;
  return { identity, info, namespace: prefixed, name: sanitize(info.tool_name) };
}

function sanitize(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/gu, "_") || "_";
}

function namespaceIdentityOf({ server_name, tool_namespace, connector_id }: McpToolInfo): string {
  return `${server_name}\0${tool_namespace}\0${connector_id ?? ""}`;
}

function namespaceIdentity({ info }: Candidate): string {
  return namespaceIdentityOf(info);
}

function identityOf({ identity }: Candidate): string {
  return identity;
}

/** Counts, for each tool, how many different identities want what it wants. */
function owners(
  tools: readonly Candidate[],
  wanted: (tool: Candidate) => string,
  identity: (tool: Candidate) => string,
): (tool: Candidate) => number {
  const identities = new Map<string, Set<string>>();
  for (const tool of tools) {
    const key = wanted(tool);
    identities.set(key, (identities.get(key) ?? new Set()).add(identity(tool)));
  }
  return (tool) => identities.get(wanted(tool))?.size ?? 0;
}

function withNamespaceHash(tool: Candidate): string {
  const { namespace } = tool;
  const suffix = hashSuffix(namespaceIdentity(tool));
  return namespace.endsWith("__") ? `${namespace.slice(0, -2)}${suffix}__` : namespace + suffix;
}

function hashSuffix(text: string): string {
  return `_${createHash("sha1").update(text).digest("hex").slice(0, 12)}`;
}

/** By UTF-8 bytes, as the reference sorts. */
function byIdentity(a: Candidate, b: Candidate): number {
  return Buffer.compare(Buffer.from(a.identity), Buffer.from(b.identity));
}

function fit(tool: Candidate, used: ReadonlySet<string>): ModelToolName {
  const { namespace, name, identity } = tool;
  let fitted: ModelToolName = { namespace, name };
  for (let round = 0; !isFree(fitted, used); round += 1)
    fitted = shortened(tool, hashSuffix(round === 0 ? identity : `${identity}\0${round}`));
  return fitted;
}

function isFree({ namespace, name }: ModelToolName, used: ReadonlySet<string>): boolean {
  const joined = namespace + name;
  return joined.length <= maxJoinedLength && !used.has(joined);
}

function shortened({ namespace, name }: ModelToolName, suffix: string): ModelToolName {
  const room = maxJoinedLength - namespace.length - suffix.length;
  if (room >= 0) return { namespace, name: name.slice(0, room) + suffix };
  return { namespace: namespace.slice(0, maxJoinedLength - suffix.length), name: suffix };
}
