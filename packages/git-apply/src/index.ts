export { type ApplyOutput, parseApplyOutput } from "./apply-output.js";
export {
  type ApplyOptions,
  type ApplyResult,
  type ApplyStatus,
  applyPatch,
  type PreflightOptions,
  preflightPatch,
} from "./apply-patch.js";
export { patchPaths } from "./diff-headers.js";
export { type GitRun, type RunGitOptions, runGit } from "./git.js";
export {
  GitApplyError,
  type GitApplyErrorKind,
  type GitApplyErrorOptions,
  isGitApplyError,
} from "./git-apply-error.js";
export type { EnvironmentVariables } from "./git-environment.js";
