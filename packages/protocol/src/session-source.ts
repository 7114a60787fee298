/** A session that another session started. */
export type SubagentSource =
  | "review"
  | "compact"
  | "memory_consolidation"
  | { readonly thread_spawn: { readonly parent_thread_id: string; readonly depth: number } }
  | { readonly other: string };

/** Where a session comes from. */
export type SessionSource =
  | "cli"
  | "vscode"
  | "exec"
  | "mcp"
  | "unknown"
  | { readonly custom: string }
  | { readonly internal: "memory_consolidation" | (string & {}) }
  | { readonly subagent: SubagentSource };

/** Gives the value of the header `x-openai-subagent`; nothing for a session that is no sub-agent. */
export function subagentLabel(source: SessionSource): string | undefined {
  if (typeof source === "string" || !("subagent" in source)) return undefined;
  const { subagent } = source;
  if (typeof subagent === "string") return subagent;
  return "other" in subagent ? subagent.other : "collab_spawn";
}

/**
 * Gives the text that names a source in a registration, such as `cli` or
 * `subagent_thread_spawn_<parent>_d<depth>`.
 */
export function sessionSourceText(source: SessionSource): string {
  if (typeof source === "string") return source;
  if ("custom" in source) return source.custom;
  if ("internal" in source) return `internal_${source.internal}`;
  return `subagent_${subagentText(source.subagent)}`;
}

function subagentText(subagent: SubagentSource): string {
  if (typeof subagent === "string") return subagent;
  if ("other" in subagent) return subagent.other;
  const { parent_thread_id, depth } = subagent.thread_spawn;
  return `thread_spawn_${parent_thread_id}_d${depth}`;
}
