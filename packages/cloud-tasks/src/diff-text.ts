/** The size of a change. */
export interface DiffSummary {
  readonly filesChanged: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

/** Counts files and lines of a diff (spec/backend.md §5.7). */
export function countDiff(diff: string): DiffSummary {
  const lines = diff.split("\n");
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  return {
    filesChanged: count(/^diff --git /) || (diff.trim() === "" ? 0 : 1),
    linesAdded: count(/^\+(?!\+\+)/),
    linesRemoved: count(/^-(?!--)/),
  };
}

/** Tells whether a text is a diff that git can read (spec/backend.md §5.8). */
export function isUnifiedDiff(diff: string): boolean {
  if (diff.trimStart().startsWith("diff --git ")) return true;
  const hasHunk = diff.startsWith("@@ ") || diff.includes("\n@@ ");
  return hasHunk && diff.includes("\n--- ") && diff.includes("\n+++ ");
}
