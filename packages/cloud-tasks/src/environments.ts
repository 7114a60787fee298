import type { CloudEnvironment } from "@codex-ts/protocol";
import { CloudTasksError } from "./cloud-tasks-error.js";
import type { GitHubRepository } from "./git-repositories.js";

/** An environment in which tasks run. */
export interface TaskEnvironment {
  readonly id: string;
  readonly label: string | undefined;
  readonly isPinned: boolean;
  /** How many tasks have run there, if the backend says. */
  readonly taskCount: number | undefined;
  /** The repository by which it was found: `owner/repo`. */
  readonly repoHint: string | undefined;
}

/** Environments that were found in one way. */
export interface FoundEnvironments {
  readonly environments: readonly CloudEnvironment[];
  readonly repository?: GitHubRepository | undefined;
}

/** Joins what was found in several ways, by id, and sorts it: pinned ones first, then by label (spec/backend.md §6.2). */
export function mergeEnvironments(found: readonly FoundEnvironments[]): TaskEnvironment[] {
  const byId = new Map<string, TaskEnvironment>();
  for (const { environments, repository } of found) {
    for (const { id, label, is_pinned, task_count } of environments) {
      const known = byId.get(id);
      byId.set(id, {
        id,
        label: known?.label ?? label ?? undefined,
        isPinned: known?.isPinned === true || is_pinned === true,
        taskCount: known?.taskCount ?? task_count ?? undefined,
        repoHint: known?.repoHint ?? (repository && `${repository.owner}/${repository.repo}`),
      });
    }
  }
  return [...byId.values()].sort(
    (left, right) =>
      Number(right.isPinned) - Number(left.isPinned) ||
      compare((left.label ?? "").toLowerCase(), (right.label ?? "").toLowerCase()) ||
      compare(left.id, right.id),
  );
}

/**
 * Picks an environment when none was named: the one with the label, the only one, the first that is pinned, or the one in
 * which most tasks have run (spec/backend.md §6.2).
 *
 * @returns `undefined` only if there are none.
 */
export function pickEnvironment(
  environments: readonly CloudEnvironment[],
  label?: string | undefined,
): CloudEnvironment | undefined {
  const labelled =
    label === undefined
      ? undefined
      : environments.find((environment) => (environment.label ?? "").toLowerCase() === label.toLowerCase());
  if (labelled !== undefined) return labelled;
  if (environments.length === 1) return environments[0];
  return (
    environments.find(({ is_pinned }) => is_pinned === true) ??
    environments.reduce<CloudEnvironment | undefined>(
      (most, environment) =>
        most !== undefined && (most.task_count ?? 0) > (environment.task_count ?? 0) ? most : environment,
      undefined,
    )
  );
}

/**
 * Finds the environment that somebody has named, by id or label.
 *
 * @throws {@link CloudTasksError} of kind `environment`, or `invalid_input` for a blank name.
 */
export function resolveEnvironment(environments: readonly TaskEnvironment[], name: string): TaskEnvironment {
  const wanted = environmentName(name);
  if (environments.length === 0) {
    throw failure("no cloud environments are available for this workspace");
  }
  const exact = environments.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const label = asciiLowerCase(wanted);
  const [first, ...others] = environments.filter(
    (environment) => asciiLowerCase(environment.label ?? "") === label,
  );
  if (first === undefined) {
    throw failure(`environment '${wanted}' not found; run \`codex cloud\` to list available environments`);
  }
  if (others.some(({ id }) => id !== first.id)) {
    throw failure(
      `environment label '${wanted}' is ambiguous; run \`codex cloud\` to pick the desired environment id`,
    );
  }
  return first;
}

/** @throws {@link CloudTasksError} of kind `invalid_input` for a blank name. */
export function environmentName(name: string): string {
  const wanted = name.trim();
  if (wanted !== "") return wanted;
  throw new CloudTasksError("environment id must not be empty", { kind: "invalid_input" });
}

function failure(message: string): CloudTasksError {
  return new CloudTasksError(message, { kind: "environment" });
}

function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
