import { type EnvironmentVariables, isGitApplyError } from "@codex-ts/git-apply";
import { CloudTasksError } from "./cloud-tasks-error.js";

/** Where git is asked. */
export interface GitQuestion {
  /** A folder in the working tree. */
  readonly cwd: string;
  /** The environment for git. @defaultValue that of this process */
  readonly environment?: EnvironmentVariables | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks git. Where there is no git to ask, the answer is the one given. */
export async function askGit<T>(without: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isGitApplyError(error)) throw error;
    if (error.kind === "aborted") {
      throw new CloudTasksError("the question to git was aborted", { kind: "aborted", cause: error });
    }
    return without;
  }
}
