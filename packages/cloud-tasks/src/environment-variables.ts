import type { EnvironmentVariables } from "@codex-ts/git-apply";

/** What `codex cloud` takes from environment variables. Blank variables count as absent. */
export interface CloudTasksEnvironment {
  /** `CODEX_CLOUD_TASKS_BASE_URL`, or ChatGPT's own. */
  readonly baseUrl: string;
  /** `CODEX_STARTING_DIFF`: a diff that new tasks start with. */
  readonly startingDiff: string | undefined;
}

/** Reads them. It is the only function here that looks at `process.env`, and nothing here calls it. */
export function readCloudTasksEnvironment(
  variables: EnvironmentVariables = process.env,
): CloudTasksEnvironment {
  return {
    baseUrl: variables["CODEX_CLOUD_TASKS_BASE_URL"]?.trim() || "https://chatgpt.com/backend-api",
    startingDiff: variables["CODEX_STARTING_DIFF"] || undefined,
  };
}
