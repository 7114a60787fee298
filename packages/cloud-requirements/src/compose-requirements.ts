import type { ConfigBundle, ManagedRequirements } from "@codex-ts/protocol";
import { type FragmentSource, invalidFragment, type ParsedFragment, parseFragments } from "./fragments.js";
import { MergeConflict, mergeRequirements } from "./merge-requirements.js";
import { settleRemoteSandbox } from "./remote-sandbox.js";
import { isTable, type TomlTable } from "./toml.js";

/** All that a workspace requires, as one set. */
export interface ComposedRequirements {
  readonly values: ManagedRequirements;
  /** By the members of `values`: the fragments that a member comes from, the highest priority first. */
  readonly sources: ReadonlyMap<string, readonly FragmentSource[]>;
}

/**
 * Puts the fragments of requirements together.
 *
 * @param hostname - For requirements that depend on the host.
 * @returns Nothing when nothing is required.
 * @throws {@link InvalidFragmentError}
 */
export async function composeRequirements(
  bundle: ConfigBundle,
  hostname: string,
): Promise<ComposedRequirements | undefined> {
  const parsed = await parseFragments("requirements", bundle.requirements_toml.enterprise_managed);
  const fragments: ParsedFragment[] = [];
  for (const fragment of parsed) {
    const table = withoutAlias(fragment.table);
    await check(fragment.source, table);
    fragments.push({ ...fragment, table: settleRemoteSandbox(table, hostname) });
  }
  let values: TomlTable = Object.create(null);
  // Delivered with the highest priority first.
  for (const { source, table } of fragments.toReversed()) values = merge(values, table, source);
  if (Object.keys(values).length === 0) return undefined;
  const sources = new Map(Object.keys(values).map((name) => [name, sourcesOf(name, fragments)]));
  return { values, sources };
}

/** `feature_requirements` is another name for `features`. */
function withoutAlias(table: TomlTable): TomlTable {
  const { feature_requirements: alias, ...rest } = table;
  return alias === undefined ? table : { features: alias, ...rest };
}

async function check(source: FragmentSource, table: TomlTable): Promise<void> {
  const { managedRequirementsSchema } = await import("@codex-ts/protocol/schemas");
  const { error } = managedRequirementsSchema.safeParse(table);
  const [issue] = error?.issues ?? [];
  if (issue !== undefined) {
    throw invalidFragment("requirements", source, `${issue.path.join(".")}: ${issue.message}`);
  }
}

function merge(values: TomlTable, table: TomlTable, source: FragmentSource): TomlTable {
  try {
    return mergeRequirements(values, table);
  } catch (error) {
    if (error instanceof MergeConflict) throw invalidFragment("requirements", source, error.message);
    throw error;
  }
}

/** Tables are of many sources; anything else is of the one that has replaced the others. */
function sourcesOf(name: string, fragments: readonly ParsedFragment[]): readonly FragmentSource[] {
  const setting = fragments.filter(({ table }) => table[name] !== undefined);
  const [winner] = setting;
  if (!isTable(winner?.table[name])) return setting.slice(0, 1).map(({ source }) => source);
  return setting.filter(({ table }) => isTable(table[name])).map(({ source }) => source);
}
