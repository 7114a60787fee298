import { type SessionSource, type SubagentSource, subagentLabel } from "@codex-ts/protocol";

/** What never changes while a session lasts, and is told with each request. */
export interface SessionIdentity {
  readonly installationId: string | undefined;
  readonly sessionId: string;
  readonly threadId: string;
  readonly parentThreadId: string | undefined;
  readonly forkedFromThreadId: string | undefined;
  readonly sessionSource: SessionSource;
  readonly threadSource: string | undefined;
  readonly sandbox: string | undefined;
  readonly originator: string | undefined;
}

/** The value of `x-openai-subagent`; nothing for a session that nobody else started. */
export function subagentHeader(source: SessionSource): string | undefined {
  return isMemoryConsolidation(source) ? memoryConsolidation : subagentLabel(source);
}

/** Tells whether the session is the one in which memories are put in order. */
export function isMemoryConsolidation(source: SessionSource): boolean {
  return typeof source === "object" && "internal" in source && source.internal === memoryConsolidation;
}

/** The kind of sub-agent as the metadata of a turn names it. */
export function subagentKind(source: SessionSource): string | undefined {
  if (typeof source !== "object" || !("subagent" in source)) return undefined;
  const { subagent } = source;
  if (typeof subagent === "string") return subagent;
  return "other" in subagent ? "other" : "thread_spawn";
}

/** The thread that started this one, where the source says so. */
export function parentThreadOf(source: SessionSource): string | undefined {
  if (typeof source !== "object" || !("subagent" in source)) return undefined;
  return spawnParent(source.subagent);
}

const memoryConsolidation = "memory_consolidation";

function spawnParent(subagent: SubagentSource): string | undefined {
  return typeof subagent === "object" && "thread_spawn" in subagent
    ? subagent.thread_spawn.parent_thread_id
    : undefined;
}
