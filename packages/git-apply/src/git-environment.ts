/** Environment variables by name. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** What git needs to be found, and to find its configuration. Credentials and `GIT_DIR` and the like are not in it. */
const passedOn: ReadonlySet<string> = new Set([
  "APPDATA",
  "COMSPEC",
  "GIT_CEILING_DIRECTORIES",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CONFIG_SYSTEM",
  "GIT_EXEC_PATH",
  "HOME",
  "HOMEDRIVE",
  "HOMEPATH",
  "LD_LIBRARY_PATH",
  "LOCALAPPDATA",
  "PATH",
  "PATHEXT",
  "PROGRAMDATA",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "TMPDIR",
  "USERPROFILE",
  "XDG_CONFIG_HOME",
]);

/** In front of every command, before the caller's own: what must not depend on the machine, or run the tree's code. */
const safeConfig: readonly string[] = [
  // A folder of the tree that looks like a repository is not taken for one.
  "safe.bareRepository=explicit",
  // Hooks can live in the tree, where the diff has just written.
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.quotePath=false",
  // The diff is applied as it is.
  "apply.whitespace=nowarn",
  "apply.ignoreWhitespace=no",
];

/** What each run of git gets. */
export interface GitSettings {
  /** Arguments in front of the command. */
  readonly configuration: readonly string[];
  readonly variables: EnvironmentVariables;
}

/**
 * Chooses what git gets of an environment. It is the only function here that looks at `process.env`.
 *
 * @param given - The caller's. Only in it `CODEX_APPLY_GIT_CFG` counts: configuration can make git run programs.
 */
export function gitSettings(given: EnvironmentVariables | undefined): GitSettings {
  const entries = Object.entries(given ?? process.env);
  return {
    configuration: [...safeConfig, ...parseConfiguration(given?.["CODEX_APPLY_GIT_CFG"])].flatMap((entry) => [
      "-c",
      entry,
    ]),
    variables: {
      ...Object.fromEntries(entries.filter(([name]) => passedOn.has(name.toUpperCase()))),
      // What git says is read.
      LC_ALL: "C",
      LANGUAGE: "C",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
    },
  };
}

/** `key=value,key=value` (spec/backend.md §7). What has no `=` is no setting, and left out. */
function parseConfiguration(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry.indexOf("=") > 0);
}
