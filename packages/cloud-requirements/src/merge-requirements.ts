import { isDeepStrictEqual } from "node:util";
import { isTable, type TomlTable, type TomlValue } from "./toml.js";

/** Says which member two fragments cannot both have. */
export class MergeConflict extends Error {
  override readonly name = "MergeConflict";
}

/** Lists that lose nothing when fragments are put together; of others the one of the highest priority counts. */
const unitedLists: ReadonlySet<string> = new Set(["permissions.filesystem.deny_read", "rules.prefix_rules"]);

/** The member of hooks that is of no meaning on this system. */
const foreignHooksFolder = process.platform === "win32" ? "hooks.managed_dir" : "hooks.windows_managed_dir";

/**
 * Puts a fragment over those of lower priority: tables are merged, other values replaced. Rules, hooks and denied paths
 * are added to, with what is of the higher priority first, so that no fragment can take away what another forbids.
 *
 * @returns A new table.
 * @throws {@link MergeConflict} for hooks that contradict each other.
 */
export function mergeRequirements(lower: TomlTable, higher: TomlTable, prefix = ""): TomlTable {
  const merged: TomlTable = Object.assign(Object.create(null), lower);
  for (const [name, value] of Object.entries(higher)) {
    const below = merged[name];
    merged[name] = below === undefined ? value : mergeValues(below, value, `${prefix}${name}`);
  }
  return merged;
}

function mergeValues(lower: TomlValue, higher: TomlValue, path: string): TomlValue {
  if (isTable(lower) && isTable(higher)) return mergeRequirements(lower, higher, `${path}.`);
  const isHook = path.startsWith("hooks.");
  if (Array.isArray(lower) && Array.isArray(higher) && (isHook || unitedLists.has(path))) {
    return [...higher, ...lower.filter((value) => isHook || !includes(higher, value))];
  }
  if (isHook && path !== foreignHooksFolder && !isDeepStrictEqual(lower, higher)) {
    throw new MergeConflict(`${path}: fragments disagree`);
  }
  return higher;
}

function includes(list: readonly TomlValue[], value: TomlValue): boolean {
  return list.some((one) => isDeepStrictEqual(one, value));
}
