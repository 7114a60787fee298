export type { ApplyOutcome } from "./apply-outcome.js";
export { selectAttempt, type TaskAttempt } from "./attempts.js";
export {
  CloudTasksClient,
  type CloudTasksClientOptions,
  type DiffChoice,
  type ListOptions,
} from "./cloud-tasks-client.js";
export {
  CloudTasksError,
  type CloudTasksErrorKind,
  type CloudTasksErrorOptions,
  cloudTasksErrorText,
  isCloudTasksError,
} from "./cloud-tasks-error.js";
export { parseAttempts, parseLimit } from "./command-arguments.js";
export type { NewTask } from "./create-task.js";
export { countDiff, type DiffSummary, isUnifiedDiff } from "./diff-text.js";
export type { EnvironmentOptions } from "./environment-finder.js";
export { type CloudTasksEnvironment, readCloudTasksEnvironment } from "./environment-variables.js";
export type { TaskEnvironment } from "./environments.js";
export type { GitQuestion } from "./git-question.js";
export { chooseGitRef, type GitRefs, resolveGitRef } from "./git-ref.js";
export { type GitHubRepository, gitHubRepositories, parseGitHubRemote } from "./git-repositories.js";
export type { TaskStatus } from "./status-display.js";
export { parseTaskId, taskUrl } from "./task-id.js";
export { type TaskJson, toTaskListJson } from "./task-json.js";
export { formatTask, formatTaskList } from "./task-lines.js";
export type { TaskListPage, TaskSummary } from "./task-summary.js";
export type { AttemptStatus, TaskText } from "./task-text.js";
export type { WaitOptions } from "./wait-until-ready.js";
