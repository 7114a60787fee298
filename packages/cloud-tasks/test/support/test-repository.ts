import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A real repository in a folder that is gone after the test. */
export class TestRepository {
  readonly root: string;

  /** Makes a repository with these files in its first commit. */
  static create(files: Readonly<Record<string, string>> = {}): TestRepository {
    const repository = new TestRepository(temporaryFolder());
    repository.git("init", "--quiet", "--initial-branch=main");
    repository.commit(files);
    return repository;
  }

  private constructor(root: string) {
    this.root = root;
  }

  git(...args: readonly string[]): string {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    return execFileSync("git", [...identity, ...args], { cwd: this.root, encoding: "utf8", stdio: "pipe" });
  }

  commit(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", "state");
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }
}

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "codex-ts-cloud-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
