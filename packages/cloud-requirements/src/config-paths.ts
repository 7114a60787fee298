import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isTable, type TomlTable, type TomlValue } from "./toml.js";

/**
 * Members of a configuration that hold a path; `*` stands for any name or index. Taken from the public description of
 * Codex' `config.toml`.
 */
const pathMembers: readonly (readonly string[])[] = [
  "agents.*.config_file",
  "debug.config_lockfile.export_dir",
  "debug.config_lockfile.load_path",
  "experimental_compact_prompt_file",
  "js_repl_node_module_dirs.*",
  "js_repl_node_path",
  "log_dir",
  "model_catalog_json",
  "model_instructions_file",
  "model_providers.*.auth.cwd",
  "profiles.*.experimental_compact_prompt_file",
  "profiles.*.js_repl_node_module_dirs.*",
  "profiles.*.js_repl_node_path",
  "profiles.*.model_catalog_json",
  "profiles.*.model_instructions_file",
  "profiles.*.zsh_path",
  "sandbox_workspace_write.writable_roots.*",
  "skills.config.*.path",
  "sqlite_home",
  "zsh_path",
].map((member) => member.split("."));

/** Says which member holds something else than a path. */
export class PathTypeError extends Error {
  override readonly name = "PathTypeError";
}

/**
 * Makes the paths in a configuration absolute, in place: `~` and `~/x` start at the user's home, others at the base.
 *
 * @throws {@link PathTypeError}
 */
export function resolvePaths(config: TomlTable, base: string): void {
  for (const member of pathMembers) resolveMember(config, member, base, []);
}

type Parent = TomlTable | TomlValue[];

function resolveMember(parent: Parent, [key, ...rest]: readonly string[], base: string, at: string[]): void {
  if (key === undefined) return;
  for (const name of key === "*" ? Object.keys(parent) : [key]) {
    const value = memberOf(parent, name);
    if (value === undefined) continue;
    const path = [...at, name];
    if (rest.length === 0) setMember(parent, name, resolvePath(value, base, path));
    else if (isTable(value) || Array.isArray(value)) resolveMember(value, rest, base, path);
  }
}

function resolvePath(value: TomlValue, base: string, at: readonly string[]): string {
  if (typeof value !== "string") throw new PathTypeError(`${at.join(".")}: expected a path`);
  if (value === "~") return homedir();
  // A backslash is a separator on Windows only.
  const inHome = process.platform === "win32" ? /^~[/\\]+/ : /^~\/+/;
  return inHome.test(value) ? join(homedir(), value.replace(inHome, "")) : resolve(base, value);
}

function memberOf(parent: Parent, name: string): TomlValue | undefined {
  return Object.hasOwn(parent, name) ? (parent as TomlTable)[name] : undefined;
}

function setMember(parent: Parent, name: string, value: string): void {
  (parent as TomlTable)[name] = value;
}
