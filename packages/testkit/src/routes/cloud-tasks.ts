import type { CloudBackend } from "../codex/cloud-backend.js";
import type { CloudEnvironmentSeed, CloudTask } from "../codex/cloud-task.js";
import { toDetails, toListItem, toTurn } from "../codex/task-wire.js";
import { Refusal } from "../refusal.js";
import { jsonReply } from "../reply.js";
import { codexRoute } from "./codex-route.js";
import { jsonBody } from "./json-body.js";
import { arrayMember, invalidMember, membersOf, textMember } from "./members.js";
import type { Route } from "./route.js";

const listTasksRoute = codexRoute("GET", "tasks/list", ({ request: { query }, state: { cloud } }) => {
  const limit = toLimit(query.get("limit"));
  const start = toStart(query.get("cursor"));
  const environmentId = query.get("environment_id");
  const isArchived = query.get("task_filter") === "archived";
  const found = cloud.tasks.filter(
    (task) =>
      task.isArchived === isArchived && (environmentId === null || task.environmentId === environmentId),
  );
  const end = start + limit;
  return jsonReply(200, {
    items: found.slice(start, end).map((task) => toListItem(task, environmentOf(cloud, task))),
    cursor: end < found.length ? Buffer.from(`after:${end}`).toString("base64") : null,
  });
});

const createTaskRoute = codexRoute("POST", "tasks", ({ request, state: { cloud } }) => {
  const body = jsonBody(request);
  const task = membersOf(body["new_task"]);
  const environmentId = textMember(task, "environment_id");
  if (!cloud.environments.some(({ id }) => id === environmentId))
    throw new Refusal("The environment is not known", { status: 404, code: "environment_not_found" });
  const items = arrayMember(body, "input_items").map(membersOf);
  const created = cloud.addTask({
    prompt: promptOf(items),
    environmentId,
    branch: textMember(task, "branch"),
    startingDiff: startingDiffOf(items),
    attempts: attemptsOf(membersOf(body["metadata"])["best_of_n"]),
  });
  return jsonReply(200, { task: toListItem(created, environmentOf(cloud, created)) });
});

const taskRoute = codexRoute("GET", "tasks/([^/]+)", ({ state: { cloud }, params: [id = ""] }) => {
  const task = known(cloud.poll(id));
  return jsonReply(200, toDetails(task, environmentOf(cloud, task)));
});

const siblingTurnsRoute = codexRoute(
  "GET",
  "tasks/([^/]+)/turns/([^/]+)/sibling_turns",
  ({ state: { cloud }, params: [id = "", turnId] }) => {
    const task = known(cloud.find(id));
    if (!task.attempts.some((attempt) => attempt.turnId === turnId))
      throw new Refusal("The turn is not known", { status: 404, code: "turn_not_found" });
    const others = task.attempts.filter((attempt) => attempt.turnId !== turnId);
    return jsonReply(200, { sibling_turns: others.map((attempt) => toTurn(task, attempt)) });
  },
);

const environmentsRoute = codexRoute("GET", "environments", ({ state: { cloud } }) =>
  jsonReply(200, cloud.environments.map(toEnvironment)),
);

const environmentsByRepoRoute = codexRoute(
  "GET",
  "environments/by-repo/([^/]+)/([^/]+)/([^/]+)",
  ({ state: { cloud }, params }) => {
    const repository = params.join("/");
    const found = cloud.environments.filter(({ repositories = [] }) => repositories.includes(repository));
    return jsonReply(200, found.map(toEnvironment));
  },
);

/** Tasks in the cloud and their environments. */
export const cloudRoutes: readonly Route[] = [
  listTasksRoute,
  createTaskRoute,
  taskRoute,
  siblingTurnsRoute,
  environmentsRoute,
  environmentsByRepoRoute,
];

function known(task: CloudTask | undefined): CloudTask {
  if (task === undefined) throw new Refusal("The task is not known", { status: 404, code: "task_not_found" });
  return task;
}

function environmentOf(
  { environments }: CloudBackend,
  { environmentId }: CloudTask,
): CloudEnvironmentSeed | undefined {
  return environments.find(({ id }) => id === environmentId);
}

function toEnvironment({ id, label, isPinned, taskCount }: CloudEnvironmentSeed): object {
  return { id, label: label ?? null, is_pinned: isPinned ?? false, task_count: taskCount ?? 0 };
}

function toLimit(text: string | null): number {
  const limit = Number(text ?? 20);
  if (!Number.isInteger(limit) || limit < 1) throw invalidMember("limit", "a positive integer");
  return limit;
}

function toStart(cursor: string | null): number {
  if (cursor === null) return 0;
  const [, start] = /^after:(\d+)$/.exec(Buffer.from(cursor, "base64").toString()) ?? [];
  if (start === undefined) throw invalidMember("cursor", "the cursor of an earlier page");
  return Number(start);
}

function promptOf(items: readonly Readonly<Record<string, unknown>>[]): string {
  const texts = items
    .filter(({ type }) => type === "message")
    .flatMap((item) => arrayMember(item, "content"))
    .map((content) => membersOf(content)["text"]);
  const prompt = texts.filter((text) => typeof text === "string").join("\n\n");
  if (prompt === "") throw invalidMember("input_items", "messages with text");
  return prompt;
}

function startingDiffOf(items: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  const item = items.find(({ type }) => type === "pre_apply_patch");
  return item && textMember(membersOf(item["output_diff"]), "diff");
}

function attemptsOf(bestOfN: unknown): number {
  if (bestOfN === undefined) return 1;
  if (!Number.isInteger(bestOfN) || (bestOfN as number) < 1 || (bestOfN as number) > 4)
    throw invalidMember("metadata.best_of_n", "an integer from 1 to 4");
  return bestOfN as number;
}
