import { type SessionIdentity, subagentKind } from "./session-identity.js";

/** What a request is for. Setting up a connection is for none of them. */
export type RequestKind = "compaction" | "memory" | "prewarm" | "turn";

/** Why and how a conversation is made shorter. */
export interface CompactionMetadata {
  readonly trigger: "auto" | "manual";
  readonly reason: "comp_hash_changed" | "context_limit" | "model_downshift" | "user_requested";
  readonly implementation: "responses" | "responses_compact" | "responses_compaction_v2";
  readonly phase: "mid_turn" | "pre_turn" | "standalone_turn";
}

/** A git repository that a turn works in. */
export interface WorkspaceMetadata {
  /** URL by name of the remote. */
  readonly associated_remote_urls?: Readonly<Record<string, string>> | undefined;
  readonly latest_git_commit_hash?: string | undefined;
  readonly has_changes?: boolean | undefined;
}

/** What is told of one turn. */
export interface TurnFacts {
  readonly turnId: string | undefined;
  readonly startedAtMs: number | undefined;
  /** By the root folder of the repository. */
  readonly workspaces: Readonly<Record<string, WorkspaceMetadata>> | undefined;
  /** What the caller adds, without reserved keys. */
  readonly extras: Readonly<Record<string, string>>;
}

/** What the metadata of one request are made of. */
export interface MetadataFacts {
  readonly identity: SessionIdentity;
  readonly turn: TurnFacts;
  readonly windowId: string;
  readonly kind: RequestKind;
  readonly compaction?: CompactionMetadata | undefined;
}

/**
 * Writes the metadata of a turn as JSON of ASCII characters only, so that it can be the value of a header.
 *
 * What identifies a session is left out of requests of kind `memory`: those belong to no conversation.
 */
export function turnMetadataJson({ identity, turn, windowId, kind, compaction }: MetadataFacts): string {
  const isMemory = kind === "memory";
  const workspaces = turn.workspaces ?? {};
  const members: (readonly [name: string, value: unknown])[] = [
    ["installation_id", isMemory ? undefined : identity.installationId],
    ["session_id", isMemory ? undefined : identity.sessionId],
    ["thread_id", isMemory ? undefined : identity.threadId],
    ["turn_id", isMemory ? undefined : turn.turnId],
    ["window_id", isMemory ? undefined : windowId],
    ["request_kind", kind],
    ["forked_from_thread_id", identity.forkedFromThreadId],
    ["parent_thread_id", identity.parentThreadId],
    ["subagent_kind", subagentKind(identity.sessionSource)],
    ["thread_source", identity.threadSource],
    ["sandbox", identity.sandbox],
    ["workspaces", Object.keys(workspaces).length === 0 ? undefined : workspaces],
    ["turn_started_at_unix_ms", turn.startedAtMs],
    ["compaction", kind === "compaction" && compaction ? { ...compaction, strategy: "memento" } : undefined],
    ...Object.entries(turn.extras).sort(([left], [right]) => (left < right ? -1 : 1)),
  ];
  // Written member by member: an object would put keys that are numbers first.
  const parts = members.flatMap(([name, value]) =>
    value === undefined ? [] : `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return toAscii(`{${parts.join(",")}}`);
}

/** Keeps what a caller may add to the metadata of a turn. */
export function withoutReservedKeys(extras: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(extras).filter(([name]) => !reservedKeys.has(name)));
}

const reservedKeys: ReadonlySet<string> = new Set([
  "compaction",
  "forked_from_thread_id",
  "installation_id",
  "parent_thread_id",
  "request_kind",
  "sandbox",
  "session_id",
  "subagent_kind",
  "thread_id",
  "thread_source",
  "turn_id",
  "turn_started_at_unix_ms",
  "window_id",
  "workspaces",
  "x-codex-installation-id",
  "x-codex-parent-thread-id",
  "x-codex-turn-metadata",
  "x-codex-window-id",
  "x-openai-subagent",
]);

function toAscii(json: string): string {
  // Not in front of 0x7f: a header cannot hold DEL either.
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
