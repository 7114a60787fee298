import { unquoteName } from "./quoted-name.js";

/** What git printed, sorted by what became of each file. Each list is sorted and names a file once. */
export interface ApplyOutput {
  readonly applied: readonly string[];
  /** Files that the diff does not fit. */
  readonly skipped: readonly string[];
  /** Files that are left with conflict markers, or as they were where those cannot be. */
  readonly conflicted: readonly string[];
}

type Group = keyof ApplyOutput;

/** A file can be named more than once: the worst that is said of it in this order counts. */
const ranks: Readonly<Record<Group, number>> = { conflicted: 2, applied: 1, skipped: 0 };

const lines: readonly (readonly [pattern: RegExp, group: Group])[] = [
  [/^Applied patch(?: to)? (?<path>.+?) cleanly\.?$/i, "applied"],
  [/^Applied patch(?: to)? (?<path>.+?) with conflicts\.?$/i, "conflicted"],
  [/^Applying patch (?<path>.+?) with \d+ rejects?\b.*$/i, "conflicted"],
  [/^U (?<path>.+)$/, "conflicted"],
  [/^(?:warning: )?Cannot merge binary files: (?<path>.+?) \(ours vs\. theirs\)$/i, "conflicted"],
  [/^error: patch failed: (?<path>.+?) File exists$/i, "skipped"],
  [/^error: patch failed: (?<path>.+?)(?::\d+)?$/i, "skipped"],
  [/^error: (?<path>.+?): patch does not apply$/i, "skipped"],
  [/^error: (?<path>.+?): does not match index$/i, "skipped"],
  [/^error: (?<path>.+?): does not exist in index$/i, "skipped"],
  [/^error: (?<path>.+?): already exists in index$/i, "skipped"],
  [/^error: (?<path>.+?):? already exists in (?:the )?working directory$/i, "skipped"],
  [/^error: (?<path>.+?): (?:No such file or directory|wrong type|Not a directory)$/i, "skipped"],
  [/^error: path (?<path>.+?) has been renamed\/deleted$/i, "skipped"],
  [/^error: cannot apply binary patch to (?<path>.+?) without full index line$/i, "skipped"],
  [/^error: binary patch does not apply to (?<path>.+)$/i, "skipped"],
  [/^error: binary patch to (?<path>.+?) creates incorrect result\b.*$/i, "skipped"],
  [/^error: cannot read the current contents of (?<path>.+)$/i, "skipped"],
  [/^Skipped patch (?<path>.+?)\.$/i, "skipped"],
];

const remembered =
  /^(?:Checking patch (?<checked>.+?)\.\.\.|error: patch failed: (?<failed>.+?)(?::\d+)?|error: (?<rejected>.+?): patch does not apply)$/i;
const cannotMerge =
  /^(?:Failed to perform three-way merge\b.*|(?:error: )?repository lacks the necessary blob to (?:perform|fall back on) 3-way merge\.?)$/i;

/**
 * Reads what `git apply` says about each file (spec/backend.md §7). The messages are those of git in English, as
 * it speaks in the locale `C`.
 */
export function parseApplyOutput({ stdout, stderr }: { stdout: string; stderr: string }): ApplyOutput {
  const groups = new Map<string, Group>();
  let current: string | undefined;
  for (const line of [stdout, stderr]
    .filter((text) => text !== "")
    .join("\n")
    .split(/\r?\n/)) {
    const text = line.trim();
    const names = remembered.exec(text)?.groups;
    const name = names?.["checked"] ?? names?.["failed"] ?? names?.["rejected"];
    if (name !== undefined) current = toPath(name);
    if (cannotMerge.test(text)) {
      if (current !== undefined) groups.set(current, "skipped");
      continue;
    }
    const found = readLine(text);
    if (found === undefined) continue;
    const [path, group] = found;
    const known = groups.get(path);
    if (known === undefined || ranks[group] > ranks[known]) groups.set(path, group);
  }
  const inGroup = (group: Group): string[] =>
    [...groups].filter(([, member]) => member === group).map(([path]) => path);
  return {
    applied: inGroup("applied").sort(),
    skipped: inGroup("skipped").sort(),
    conflicted: inGroup("conflicted").sort(),
  };
}

function readLine(text: string): readonly [path: string, group: Group] | undefined {
  for (const [pattern, group] of lines) {
    const path = pattern.exec(text)?.groups?.["path"];
    if (path !== undefined) return [toPath(path), group];
  }
  return undefined;
}

/** Git puts paths in apostrophes as it likes, and in quotes with escapes where it must. */
function toPath(text: string): string {
  const [, inner] = /^'(.*)'$/s.exec(text) ?? [];
  return unquoteName(inner ?? text);
}
