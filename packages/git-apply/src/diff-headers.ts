import { readQuoted, unquoteName } from "./quoted-name.js";

/** What the header of one file in a diff says. */
export interface DiffHeader {
  /** The names as they stand there, with `a/` and `b/`. */
  readonly rawNames: readonly string[];
  /** The names from the root of the working tree, as git takes them: without their first folder. */
  readonly paths: readonly string[];
  readonly isBinary: boolean;
  /** Whether there is an `index` line with both object ids in full. */
  readonly hasFullIndex: boolean;
  /** Whether it adds, changes or removes a submodule. */
  readonly isSubmodule: boolean;
  readonly isSymlink: boolean;
  /** Whether the file is there on one side only. */
  readonly change: "added" | "deleted" | undefined;
}

/** Names the files of a diff, from its headers alone: sorted, each once, both names of a file that is renamed. */
export function patchPaths(diff: string): string[] {
  return [...new Set(readDiffHeaders(diff).flatMap(({ paths }) => paths))].sort();
}

/** Reads the headers of a unified diff, with or without `diff --git` lines. What it cannot read, it leaves out. */
export function readDiffHeaders(diff: string): DiffHeader[] {
  const files: HeaderReader[] = [];
  let hunk: Hunk | undefined;
  for (const line of linesOf(diff)) {
    if (hunk?.takes(line)) continue;
    hunk = Hunk.begin(line);
    if (hunk !== undefined) continue;
    const [, names] = /^\s*diff --git (.+)$/.exec(line) ?? [];
    if (names !== undefined) files.push(new HeaderReader(splitNames(names)));
    // A diff without git's headers: each file begins with its old name.
    else if (line.startsWith("--- ") && files.at(-1)?.hasTextNames !== false)
      files.push(new HeaderReader([]));
    files.at(-1)?.read(line);
  }
  return files.map((file) => file.header());
}

/** The lines of a hunk, counted: they can look like anything, a header too. */
class Hunk {
  #oldLines: number;
  #newLines: number;

  static begin(line: string): Hunk | undefined {
    const [header, oldLines = "1", newLines = "1"] =
      /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line) ?? [];
    return header === undefined ? undefined : new Hunk(Number(oldLines), Number(newLines));
  }

  private constructor(oldLines: number, newLines: number) {
    this.#oldLines = oldLines;
    this.#newLines = newLines;
  }

  takes(line: string): boolean {
    if (line.startsWith("\\")) return true;
    if (this.#oldLines <= 0 && this.#newLines <= 0) return false;
    const mark = line[0] ?? " ";
    if (!" +-".includes(mark)) return false;
    if (mark !== "+") this.#oldLines -= 1;
    if (mark !== "-") this.#newLines -= 1;
    return true;
  }
}

class HeaderReader {
  /** Whether `---` was seen. */
  hasTextNames = false;
  readonly #gitNames: readonly string[];
  readonly #textNames: string[] = [];
  readonly #movedNames: string[] = [];
  #isBinary = false;
  #hasFullIndex = false;
  #isSubmodule = false;
  #isSymlink = false;
  #change: DiffHeader["change"];

  constructor(gitNames: readonly string[]) {
    this.#gitNames = gitNames;
  }

  read(line: string): void {
    const [, text] = /^(?:---|\+\+\+) (.+)$/.exec(line) ?? [];
    if (text !== undefined) {
      this.hasTextNames = true;
      this.#textNames.push(readQuoted(text)?.name ?? text.replace(/\t.*$/, ""));
    }
    const [, moved] = /^(?:rename|copy) (?:from|to) (.+)$/.exec(line) ?? [];
    if (moved !== undefined) this.#movedNames.push(unquoteName(moved));
    const [, oldId, newId, indexMode] = /^index ([0-9a-f]+)\.\.([0-9a-f]+)(?: (\d+))?$/.exec(line) ?? [];
    if (isFullId(oldId) && isFullId(newId)) this.#hasFullIndex = true;
    const [, whose, headerMode] = /^(old|new|new file|deleted file) mode (\d+)$/.exec(line) ?? [];
    if (whose === "new file") this.#change = "added";
    if (whose === "deleted file") this.#change = "deleted";
    const mode = indexMode ?? headerMode;
    if (mode === "160000") this.#isSubmodule = true;
    if (mode === "120000") this.#isSymlink = true;
    if (/^GIT binary patch$|^(?:Binary f|F)iles .* differ$/.test(line)) this.#isBinary = true;
  }

  header(): DiffHeader {
    const prefixed = [...this.#gitNames, ...this.#textNames].filter((name) => name !== "/dev/null");
    const paths = [...prefixed.map(withoutFirstFolder), ...this.#movedNames];
    return {
      rawNames: [...prefixed, ...this.#movedNames],
      paths: [...new Set(paths)].filter((path) => path !== "dev/null"),
      isBinary: this.#isBinary,
      hasFullIndex: this.#hasFullIndex,
      isSubmodule: this.#isSubmodule,
      isSymlink: this.#isSymlink,
      change: this.#change,
    };
  }
}

/** Both names of a `diff --git` line. Names with spaces need no quotes there, so the line can have many readings. */
function splitNames(text: string): string[] {
  const first = readQuoted(text);
  if (first !== undefined) return [first.name, unquoteName(first.rest.trimStart())];
  const quote = text.indexOf(' "');
  if (quote !== -1) return [text.slice(0, quote), unquoteName(text.slice(quote + 1))];
  const spaces = [...text.matchAll(/[ \t]/g)].map(({ index }) => index);
  const split = (space: number): string[] => [text.slice(0, space), text.slice(space + 1)];
  const isSameFile = (space: number): boolean => {
    const [oldPath, newPath] = split(space).map(withoutFirstFolder);
    return oldPath === newPath;
  };
  // Two names that differ are told apart by the prefix; the lines "rename from" and "rename to" name them again.
  const space =
    spaces.find(isSameFile) ?? spaces.find((space) => text.startsWith("b/", space + 1)) ?? spaces[0];
  return space === undefined ? [text] : split(space);
}

function withoutFirstFolder(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

function isFullId(id: string | undefined): boolean {
  return id?.length === 40 || id?.length === 64;
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end === -1 ? text.length : end);
    yield line.endsWith("\r") ? line.slice(0, -1) : line;
    if (end === -1) return;
    start = end + 1;
  }
}
