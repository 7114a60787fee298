import type { AppInfo } from "@codex-ts/protocol";
import { mergePluginConnectors } from "./merge.js";
import { byName } from "./order.js";
import type { InstallUrlOptions } from "./slug.js";

/** An entry of `tool_suggest` in the configuration. */
export interface SuggestedTool {
  /** Only `connector` is looked at. */
  readonly type: string;
  readonly id: string;
}

/** Where the candidates for suggestions come from. */
export interface SuggestSources {
  /** The apps of the plugins. */
  readonly pluginAppIds?: Iterable<string> | undefined;
  /** What the user has configured to be suggested. */
  readonly discoverables?: Iterable<SuggestedTool> | undefined;
  /** What the user does not want to be suggested, wherever it comes from. */
  readonly disabled?: Iterable<SuggestedTool> | undefined;
}

/** What {@link suggestConnectors} chooses from. */
export interface SuggestOptions extends InstallUrlOptions {
  readonly directory: Iterable<AppInfo>;
  /** What needs no suggestion because the account has it, enabled or not. */
  readonly accessible: Iterable<AppInfo>;
  readonly candidateIds: Iterable<string>;
}

/** Gives the ids of the connectors that may be suggested. Blank ones do not count. */
export function suggestCandidateIds({
  pluginAppIds = [],
  discoverables = [],
  disabled = [],
}: SuggestSources): ReadonlySet<string> {
  const ids = new Set([...pluginAppIds, ...connectorIds(discoverables)].filter((id) => id.trim() !== ""));
  for (const id of connectorIds(disabled)) ids.delete(id);
  return ids;
}

/**
 * Gives the candidates that the account does not have yet, sorted by name, then id. Those that the directory does not list get a
 * placeholder.
 */
export function suggestConnectors({
  directory,
  accessible,
  candidateIds,
  ...options
}: SuggestOptions): readonly AppInfo[] {
  const candidates = new Set(candidateIds);
  for (const { id } of accessible) candidates.delete(id);
  return mergePluginConnectors(directory, candidates, options)
    .filter(({ id }) => candidates.has(id))
    .sort(byName);
}

function connectorIds(tools: Iterable<SuggestedTool>): readonly string[] {
  return [...tools].filter(({ type }) => type === "connector").map(({ id }) => id.trim());
}
