import type { TomlTable } from "./toml.js";

interface RemoteSandboxEntry {
  readonly hostname_patterns: readonly string[];
  readonly allowed_sandbox_modes: string[];
}

/**
 * Settles what a fragment allows on this host: the sandbox modes of the first entry of `remote_sandbox_config` with a
 * pattern that fits, else those of the fragment itself.
 *
 * @param table - A fragment that has passed the schema.
 */
export function settleRemoteSandbox(table: TomlTable, hostname: string): TomlTable {
  if (table["remote_sandbox_config"] === undefined) return table;
  const { remote_sandbox_config: config, ...rest } = table;
  const entries = config as unknown as readonly RemoteSandboxEntry[];
  const entry = entries.find(({ hostname_patterns: patterns }) =>
    patterns.some((pattern) => matches(pattern, hostname)),
  );
  return entry === undefined ? rest : { ...rest, allowed_sandbox_modes: entry.allowed_sandbox_modes };
}

/** `*` stands for any text, `?` for any character; letter case and a dot at the end do not matter. */
function matches(pattern: string, hostname: string): boolean {
  const expression = normalized(pattern)
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(normalized(hostname));
}

function normalized(name: string): string {
  return name.trim().toLowerCase().replace(/\.+$/, "");
}
