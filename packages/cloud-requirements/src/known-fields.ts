import { isTable, type TomlTable } from "./toml.js";

/**
 * Finds a field that is not among the known ones, nor above or below one of them.
 *
 * @param knownFields - Names joined by dots; `*` stands for any name.
 * @returns Its path.
 */
export function findUnknownField(table: TomlTable, knownFields: readonly string[]): string | undefined {
  return findBelow(
    table,
    knownFields.map((field) => field.split(".")),
    "",
  );
}

/** @param known - What may come below the table. An empty path: anything may. */
function findBelow(
  table: TomlTable,
  known: readonly (readonly string[])[],
  prefix: string,
): string | undefined {
  for (const [name, value] of Object.entries(table)) {
    const path = `${prefix}${name}`;
    const below = known.filter(([first]) => first === name || first === "*").map(([, ...rest]) => rest);
    if (below.length === 0) return path;
    if (below.some((rest) => rest.length === 0) || !isTable(value)) continue;
    const unknown = findBelow(value, below, `${path}.`);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}
