import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { GitApplyError } from "./git-apply-error.js";
import { type EnvironmentVariables, type GitSettings, gitSettings } from "./git-environment.js";
import { findGit } from "./git-program.js";
import { hasCode } from "./system-error.js";

/** How long git has to tidy up after itself before it is killed. */
const graceMs = 2_000;

/** What a run of git came to. */
export interface GitRun {
  /** -1 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What git is given for one run. */
export interface GitInput {
  readonly stdin?: string | undefined;
  /** Beside those of the settings. */
  readonly variables?: EnvironmentVariables | undefined;
}

/** Where and how to run git. */
export interface RunGitOptions {
  readonly cwd: string;
  /**
   * The environment for git. What it needs is picked from it: `PATH`, `HOME` and the like; no credentials, no `GIT_DIR`.
   *
   * @defaultValue that of this process, without `CODEX_APPLY_GIT_CFG`
   */
  readonly environment?: EnvironmentVariables | undefined;
  /** Ends git, and rejects with kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs git as this package runs it: without a shell, secrets and hooks, in English, and not in repositories that only lie
 * in the tree.
 *
 * @returns What it said, also when it failed.
 * @throws {@link GitApplyError} of kind `aborted`, `git_missing` or `git_failed`.
 */
export function runGit(
  args: readonly string[],
  { cwd, environment, signal }: RunGitOptions,
): Promise<GitRun> {
  return new Git(cwd, gitSettings(environment), signal).run(args);
}

/** Runs git in one folder. */
export class Git {
  readonly #folder: string;
  readonly #settings: GitSettings;
  readonly #signal: AbortSignal | undefined;

  constructor(folder: string, settings: GitSettings, signal: AbortSignal | undefined) {
    this.#folder = folder;
    this.#settings = settings;
    this.#signal = signal;
  }

  /** The same in another folder. */
  in(folder: string): Git {
    return new Git(folder, this.#settings, this.#signal);
  }

  /**
   * Runs git to its end. When the signal fires, git and what it has started are ended first.
   *
   * @throws {@link GitApplyError} of kind `aborted`, `git_missing` or `git_failed`.
   */
  async run(args: readonly string[], { stdin = "", variables = {} }: GitInput = {}): Promise<GitRun> {
    throwIfAborted(this.#signal);
    const program = await findGit(this.#settings.variables);
    const child = spawn(program, [...this.#settings.configuration, ...args], {
      cwd: this.#folder,
      env: { ...this.#settings.variables, ...variables },
      // A group of its own, so that filters which git has started can be ended with it.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const stopWatching = killOnAbort(child, this.#signal);
    try {
      const run = await finished(child, stdin).catch((cause: Error) => {
        throw startFailure(cause, this.#folder);
      });
      throwIfAborted(this.#signal);
      return run;
    } finally {
      stopWatching();
    }
  }

  /** Runs git and wants it to succeed. */
  async query(args: readonly string[], input?: GitInput): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args, input);
    if (exitCode === 0) return stdout;
    throw new GitApplyError(`git ${args[0]} failed (exit ${exitCode}): ${firstLine(stderr)}`, {
      kind: "git_failed",
    });
  }

  /** The command in the notation of a POSIX shell. */
  render(args: readonly string[]): string {
    const words = ["git", ...this.#settings.configuration, ...args].map(shellWord);
    return `(cd ${shellWord(this.#folder)} && ${words.join(" ")})`;
  }
}

/** The first line of what git said, cut when it is long. */
export function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0]?.slice(0, 500) ?? "";
}

/** @throws {@link GitApplyError} of kind `aborted`. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new GitApplyError("aborted by the caller: the working tree is as it was", {
      kind: "aborted",
      cause: signal.reason,
    });
  }
}

async function finished(child: ChildProcessWithoutNullStreams, stdin: string): Promise<GitRun> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // Git may leave before it has read everything; its exit code tells more than a broken pipe.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const exitCode = await new Promise<number>((fulfil, reject) => {
    child.once("error", reject);
    child.once("close", (code) => fulfil(code ?? -1));
  });
  return {
    exitCode,
    stdout: Buffer.concat(stdout).toString("utf8"),
    stderr: Buffer.concat(stderr).toString("utf8"),
  };
}

function startFailure(cause: Error, folder: string): GitApplyError {
  return new GitApplyError(`git could not be started in ${folder}: ${cause.message}`, {
    kind: "git_failed",
    cause,
  });
}

function killOnAbort(child: ChildProcessWithoutNullStreams, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    killGroup(child, "SIGTERM");
    timer = setTimeout(() => killGroup(child, "SIGKILL"), graceMs);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  return () => {
    signal?.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  };
}

function killGroup(child: ChildProcessWithoutNullStreams, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
  } catch (error) {
    // ESRCH: it has ended by itself.
    if (!hasCode(error, "ESRCH")) throw error;
  }
}

function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
