import { patchPaths, readDiffHeaders } from "./diff-headers.js";
import { firstLine, type Git } from "./git.js";
import { GitApplyError } from "./git-apply-error.js";
import { refuseHeaders, refuseUnsafePaths, replacedLinks, unsafePath } from "./path-safety.js";

/** A diff that has passed everything that can be told from its text. */
export interface Patch {
  /** The text for git. There is a second one where it cannot be known whether the files have CRLF or LF. */
  readonly readings: readonly [string, ...string[]];
  /** The files that are there afterwards, and those that are gone. */
  readonly newPaths: readonly string[];
  /** All files that it reads, writes or removes. */
  readonly touchedPaths: readonly string[];
  /** Symbolic links that it makes or removes. */
  readonly replacedLinks: ReadonlySet<string>;
}

/**
 * Reads a diff and lets git say which files it touches.
 *
 * @param git - In the working tree.
 * @throws {@link GitApplyError} of kind `empty_diff`, `invalid_diff`, `unsafe_path`, `submodule` or `binary_diff`.
 */
export async function readPatch(git: Git, diff: string, revert: boolean): Promise<Patch> {
  if (diff.trim() === "") {
    throw new GitApplyError("the diff is empty: there is nothing to apply", { kind: "empty_diff" });
  }
  const headers = readDiffHeaders(diff);
  refuseHeaders(headers);
  const readings = readingsOf(diff);
  const newPaths = await namesOf(git, readings[0], revert);
  const oldPaths = await namesOf(git, readings[0], !revert);
  const touchedPaths = [...new Set([...newPaths, ...oldPaths])].sort();
  refuseUnsafePaths(touchedPaths);
  return {
    readings,
    newPaths: [...new Set(newPaths)].sort(),
    touchedPaths,
    replacedLinks: replacedLinks(headers),
  };
}

/**
 * A diff in which every line ends in CRLF, the headers too, was converted on its way, and the conversion says nothing
 * about the files. A last line that was cut off gets its end back: without it git calls the diff corrupt.
 */
function readingsOf(diff: string): [string, ...string[]] {
  const text = diff.endsWith("\n") ? diff : `${diff}\n`;
  return /(?<!\r)\n/.test(text.slice(0, -1)) || !text.includes("\r\n")
    ? [text]
    : [text.replaceAll("\r\n", "\n"), text];
}

/** Which names git reads out of a diff: the new ones, or with `revert` the old ones. */
async function namesOf(git: Git, text: string, revert: boolean): Promise<string[]> {
  const { exitCode, stdout, stderr } = await git.run(
    ["apply", "--numstat", "-z", "--whitespace=nowarn", ...(revert ? ["-R"] : []), "-"],
    { stdin: text },
  );
  const names = stdout.split("\0").flatMap((entry) => /^[\d-]+\t[\d-]+\t(.+)$/s.exec(entry)?.[1] ?? []);
  if (exitCode !== 0 || names.length === 0) {
    throw new GitApplyError(`git cannot read the diff: ${firstLine(stderr) || "it names no file"}`, {
      kind: "invalid_diff",
      paths: patchPaths(text),
    });
  }
  // Bytes that are no UTF-8 have come out as this: the file could not be found again.
  const path = names.find((name) => name.includes("\ufffd"));
  if (path !== undefined) throw unsafePath(path, "is not UTF-8");
  return names;
}
