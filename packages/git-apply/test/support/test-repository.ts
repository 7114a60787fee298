import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A real repository in a folder that is gone after the test. */
export class TestRepository {
  /** A folder of its own; the repository is in it, so that there is something outside of the tree. */
  readonly outside: string;
  readonly root: string;

  /**
   * Makes a repository with these files in its first commit.
   *
   * @param cleanUp - Registers what is to be done at the end.
   */
  static create(
    files: Readonly<Record<string, string>> = {},
    cleanUp: (clean: () => void) => void = onTestFinished,
  ): TestRepository {
    const repository = new TestRepository(temporaryFolder(cleanUp));
    mkdirSync(repository.root);
    repository.git("init", "--quiet", "--initial-branch=main");
    repository.commit(files);
    return repository;
  }

  private constructor(outside: string) {
    this.outside = outside;
    this.root = join(outside, "work");
  }

  git(...args: readonly string[]): string {
    return gitIn(this.root, ...args);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
  }

  /** Makes git take a file for changed until it looks again. */
  touch(path: string): void {
    const time = new Date("2020-01-01T00:00:00Z");
    utimesSync(join(this.root, path), time, time);
  }

  commit(files: Readonly<Record<string, string>>): void {
    this.write(files);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", "state");
  }

  /** Runs a change, and returns it as a diff; the tree is as before. */
  diffOf(change: () => void, ...args: readonly string[]): string {
    change();
    this.git("add", "--all");
    const diff = this.git("diff", "--cached", "--binary", ...args);
    this.git("reset", "--quiet", "--hard");
    return diff;
  }

  /** The diff that writes these files. */
  diffTo(files: Readonly<Record<string, string>>, ...args: readonly string[]): string {
    return this.diffOf(() => this.write(files), ...args);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** Every file of the tree with its mode and content, the bytes of the index, and what lies in git's folder. */
  fingerprint(): Record<string, string> {
    return {
      ...Object.fromEntries(filesIn(this.root).map((path) => [path, describe(join(this.root, path))])),
      index: hashOf(join(this.root, ".git", "index")),
      "git folder": readdirSync(join(this.root, ".git")).sort().join(" "),
      outside: readdirSync(this.outside).join(" "),
    };
  }
}

export function gitIn(folder: string, ...args: readonly string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  return execFileSync("git", [...identity, "-c", "protocol.file.allow=always", ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
  });
}

export function temporaryFolder(cleanUp: (clean: () => void) => void = onTestFinished): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "codex-ts-git-")));
  cleanUp(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Does not follow links. */
function filesIn(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    if (path === ".git") return [];
    return entry.isDirectory() ? [path, ...filesIn(folder, path)] : [path];
  });
}

function describe(path: string): string {
  const stats = lstatSync(path);
  const mode = (stats.mode & 0o7777).toString(8);
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  return stats.isDirectory() ? `folder ${mode}` : `file ${mode} ${stats.mtimeMs} ${hashOf(path)}`;
}

function hashOf(path: string): string {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "absent";
}
