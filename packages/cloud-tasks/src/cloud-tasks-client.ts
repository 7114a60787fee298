import type { AuthSource } from "@codex-ts/auth-provider";
import {
  assistantError,
  BackendClient,
  type BackendClientOptions,
  type CallOptions,
  parseTaskDetails,
  unifiedDiff,
} from "@codex-ts/backend-client";
import {
  type ApplyOptions,
  applyPatch,
  isGitApplyError,
  type PreflightOptions,
  preflightPatch,
} from "@codex-ts/git-apply";
import type { CloudEnvironment, TaskDetails } from "@codex-ts/protocol";
import { type ApplyOutcome, incompatibleFormat, toOutcome } from "./apply-outcome.js";
import { compareAttempts, selectAttempt, type TaskAttempt, toSiblingAttempts } from "./attempts.js";
import { callBackend } from "./backend-failure.js";
import { CloudTasksError } from "./cloud-tasks-error.js";
import { type NewTask, toCreateRequest } from "./create-task.js";
import { isUnifiedDiff } from "./diff-text.js";
import { EnvironmentFinder, type EnvironmentOptions } from "./environment-finder.js";
import { environmentName, resolveEnvironment, type TaskEnvironment } from "./environments.js";
import { parseTaskId, taskUrl } from "./task-id.js";
import { type TaskListPage, type TaskSummary, toListedTask, toTaskSummary } from "./task-summary.js";
import { messagesOrFailure, type TaskText, toTaskText } from "./task-text.js";
import { demandTrustedOrigin } from "./trusted-base-url.js";
import { type WaitOptions, waitUntilSettled } from "./wait-until-ready.js";

/** What a client of the cloud tasks is made from. */
export interface CloudTasksClientOptions
  extends Pick<BackendClientOptions, "headers" | "retry" | "telemetry" | "transport"> {
  /** Such as `https://chatgpt.com/backend-api`. */
  readonly baseUrl: string;
  /** Whose tasks they are. Its login must use the Codex backend, which an API key does not. */
  readonly auth: AuthSource;
  /** Origins that get the credential beside ChatGPT's own, such as `http://127.0.0.1:8080`. @defaultValue [] */
  readonly allowedOrigins?: readonly string[] | undefined;
}

/** Which tasks are listed. */
export interface ListOptions extends CallOptions {
  readonly environmentId?: string | undefined;
  /** How many on a page at most. @defaultValue up to the backend */
  readonly limit?: number | undefined;
  /** Of the page before. */
  readonly cursor?: string | undefined;
}

/** Which diff of a task is tried. */
export interface DiffChoice {
  /** One of the attempts that have a diff, from 1 on, best first. @defaultValue the task's own */
  readonly attempt?: number | undefined;
  /** A diff in place of the task's. */
  readonly diff?: string | undefined;
}

/**
 * The tasks of a user in the cloud.
 *
 * A task is named by its id, or by what people paste: its URL, with query or fragment. Every method rejects with a
 * {@link CloudTasksError}; without a login that uses the Codex backend it is of kind `auth`, and nothing is sent.
 */
export class CloudTasksClient {
  /** The base URL in the form in which paths are appended to it. */
  readonly baseUrl: string;
  readonly #backend: BackendClient;
  readonly #auth: AuthSource;
  readonly #environments: EnvironmentFinder;

  /** @throws TypeError for a base URL to which no credential may go. */
  constructor(options: CloudTasksClientOptions) {
    // Anything else would not be asked which login it is.
    if (typeof options.auth?.current !== "function") throw new TypeError('"auth" must be an AuthSource');
    this.#backend = new BackendClient(options);
    this.baseUrl = this.#backend.baseUrl;
    this.#auth = options.auth;
    this.#environments = new EnvironmentFinder(this.#backend, options.auth);
    demandTrustedOrigin(this.baseUrl, options.allowedOrigins ?? []);
  }

  /** Lists current tasks, the newest first, one page. */
  async list(options: ListOptions = {}): Promise<TaskListPage> {
    const { items, cursor } = await this.#call("list_tasks", () =>
      this.#backend.listTasks({ ...options, taskFilter: "current" }),
    );
    const now = new Date();
    return { tasks: items.map((item) => toListedTask(item, now)), cursor: cursor ?? undefined };
  }

  /** Lists current tasks over all pages. The next page is asked for when the tasks of the one before are used up. */
  async *listAll(options: ListOptions = {}): AsyncGenerator<TaskSummary, void, undefined> {
    const seen = new Set<string>();
    for (let { cursor } = options; ; ) {
      const page = await this.list({ ...options, cursor });
      yield* page.tasks;
      cursor = page.cursor;
      if (cursor === undefined) return;
      if (seen.has(cursor)) {
        throw new CloudTasksError("list_tasks failed: the backend gave the same cursor twice", {
          kind: "http",
        });
      }
      seen.add(cursor);
    }
  }

  /**
   * Creates a task. It is sent once: after a failure of kind `http` without a `status` it may exist all the same.
   *
   * @returns The id and page of the task.
   * @throws {@link CloudTasksError}, of kind `invalid_input` before anything is sent.
   */
  async create(
    task: NewTask,
    options: CallOptions = {},
  ): Promise<{ readonly id: string; readonly url: string }> {
    const request = toCreateRequest(task);
    const { id } = await this.#call("create_task", () => this.#backend.createTask(request, options));
    return { id, url: this.taskUrl(id) };
  }

  /** Gives the page on which people look at a task. */
  taskUrl(task: string): string {
    return taskUrl(this.baseUrl, parseTaskId(task));
  }

  /** Tells how far a task is, and how much it has changed. */
  async summary(task: string, options: CallOptions = {}): Promise<TaskSummary> {
    const { id, answer, details } = await this.#read(task, options);
    return toTaskSummary(id, answer, details, new Date());
  }

  /** Reads the turns of a task as the backend gives them. */
  async details(task: string, options: CallOptions = {}): Promise<TaskDetails> {
    return (await this.#read(task, options)).details;
  }

  /** Gives the diff that a task has made; `undefined` if it has none, or none yet. */
  async diff(task: string, options: CallOptions = {}): Promise<string | undefined> {
    return unifiedDiff(await this.details(task, options)) ?? undefined;
  }

  /**
   * Gives what the assistant has said, or why it failed.
   *
   * @throws {@link CloudTasksError}, of kind `http` when there is neither.
   */
  async messages(task: string, options: CallOptions = {}): Promise<readonly string[]> {
    const { answer, details, url, contentType, body } = await this.#read(task, options);
    const messages = messagesOrFailure(answer, details);
    if (messages.length > 0) return messages;
    throw new CloudTasksError(`No assistant text messages in response. GET ${url}`, {
      kind: "http",
      contentType,
      body,
    });
  }

  /** Gives prompt and messages of a task, and which of its attempts they belong to. */
  async text(task: string, options: CallOptions = {}): Promise<TaskText> {
    const { answer, details } = await this.#read(task, options);
    return toTaskText(answer, details);
  }

  /** Lists the attempts beside the one of a turn, sorted by placement, then by time. */
  async siblingAttempts(
    task: string,
    turnId: string,
    options: CallOptions = {},
  ): Promise<readonly TaskAttempt[]> {
    const id = parseTaskId(task);
    return toSiblingAttempts(
      await this.#call("list_sibling_turns", () => this.#backend.listSiblingTurns(id, turnId, options)),
    );
  }

  /** Lists all attempts of a task, its own too, sorted by placement, then by time. */
  async attempts(task: string, options: CallOptions = {}): Promise<readonly TaskAttempt[]> {
    const { id, answer, details } = await this.#read(task, options);
    const { turnId, attemptPlacement, attemptStatus, messages } = toTaskText(answer, details);
    const own: TaskAttempt = {
      turnId,
      placement: attemptPlacement,
      createdAt: undefined,
      status: attemptStatus,
      diff: unifiedDiff(details) ?? undefined,
      messages,
    };
    if (turnId === undefined) return [own];
    const siblings = await this.siblingAttempts(id, turnId, options);
    return [own, ...siblings.filter((sibling) => sibling.turnId !== turnId)].sort(compareAttempts);
  }

  /**
   * Waits until a task is no longer pending. Failures of the backend that may pass are waited out, a few in a row.
   *
   * @returns The task, `ready` or `applied`.
   * @throws {@link CloudTasksError}, of kind `task_failed` when it ended in an error, `timeout` or `aborted`.
   */
  async waitUntilReady(task: string, options: WaitOptions = {}): Promise<TaskSummary> {
    const id = parseTaskId(task);
    const { signal } = options;
    const summary = await waitUntilSettled(id, (signal) => this.summary(id, { signal }), options);
    if (summary.status !== "error") return summary;
    const reason = assistantError(await this.details(id, { signal }));
    throw new CloudTasksError(
      `task ${id} failed: ${reason === null ? "the backend does not say why" : JSON.stringify(reason.slice(0, 300))}`,
      { kind: "task_failed" },
    );
  }

  /**
   * Applies a task's diff to a git working tree, wholly or not at all; see `applyPatch` of `@codex-ts/git-apply`.
   *
   * @throws {@link CloudTasksError}, of kind `no_diff` when there is none, `git` when git refuses to try it.
   */
  apply(task: string, options: ApplyOptions & DiffChoice): Promise<ApplyOutcome> {
    return this.#try(task, options, false, applyPatch);
  }

  /** Tells whether a task's diff applies to a git working tree as it is, and changes nothing. */
  preflight(task: string, options: DiffChoice & PreflightOptions): Promise<ApplyOutcome> {
    return this.#try(task, options, true, preflightPatch);
  }

  /**
   * Lists the environments in which tasks can run: pinned ones first, then by label.
   *
   * @throws {@link CloudTasksError}, also when only the list of all fails and no repository has one.
   */
  environments(options: EnvironmentOptions = {}): Promise<readonly TaskEnvironment[]> {
    return this.#environments.list(options);
  }

  /**
   * Finds the environment of a repository when none was named: the one with the label, the only one, the first that is
   * pinned, or the one in which most tasks have run. If no repository has one, all are looked at.
   *
   * @param label - Preferred if there is one of that name.
   * @throws {@link CloudTasksError}, of kind `environment` when there are none at all.
   */
  detectEnvironment(label?: string | undefined, options: EnvironmentOptions = {}): Promise<CloudEnvironment> {
    return this.#environments.detect(label, options);
  }

  /**
   * Finds the environment that somebody has named, by id or label.
   *
   * @throws {@link CloudTasksError}, of kind `environment` when there is none, or more than one of that label.
   */
  async resolveEnvironment(name: string, options: EnvironmentOptions = {}): Promise<TaskEnvironment> {
    const wanted = environmentName(name);
    return resolveEnvironment(await this.environments(options), wanted);
  }

  async #try<Options extends PreflightOptions>(
    task: string,
    { attempt, diff: given, ...options }: DiffChoice & Options,
    isPreflight: boolean,
    run: typeof applyPatch,
  ): Promise<ApplyOutcome> {
    const id = parseTaskId(task);
    const diff = given ?? (await this.#diffOf(id, attempt, options.signal));
    if (!isUnifiedDiff(diff)) return incompatibleFormat;
    try {
      return toOutcome(id, await run(diff, options), isPreflight);
    } catch (error) {
      if (!isGitApplyError(error)) throw error;
      throw new CloudTasksError(`git apply failed to run: ${error.message}`, {
        kind: error.kind === "aborted" ? "aborted" : "git",
        cause: error,
      });
    }
  }

  async #diffOf(id: string, attempt: number | undefined, signal: AbortSignal | undefined): Promise<string> {
    if (attempt !== undefined) return selectAttempt(id, await this.attempts(id, { signal }), attempt).diff;
    const diff = await this.diff(id, { signal });
    if (diff !== undefined) return diff;
    throw new CloudTasksError(`No diff available for task ${id}`, { kind: "no_diff" });
  }

  async #read(task: string, options: CallOptions) {
    const id = parseTaskId(task);
    return await this.#call("get_task_details", async () => {
      const body = await this.#backend.getTaskBody(id, options);
      // Parsed twice: the answer holds more than its turns.
      const details = await parseTaskDetails(body);
      return { id, details, answer: JSON.parse(body.body) as unknown, ...body };
    });
  }

  #call<T>(name: string, call: () => Promise<T>): Promise<T> {
    return callBackend(name, this.#auth, call);
  }
}
