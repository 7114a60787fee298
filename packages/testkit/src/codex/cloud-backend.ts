import { randomBytes } from "node:crypto";
import type {
  CloudAttempt,
  CloudEnvironmentSeed,
  CloudResult,
  CloudTask,
  CloudTaskSeed,
} from "./cloud-task.js";

type Writable<Value> = { -readonly [Member in keyof Value]: Value[Member] };

/** Tasks in the cloud and the environments they run in. */
export class CloudBackend {
  /**
   * How often a task is asked for before it is finished; lists do not count. Default 0: it is finished at once.
   * `undefined`: tasks stay pending until {@link CloudBackend.finish}.
   */
  pollsUntilReady: number | undefined = 0;
  /** What the attempts of tasks that clients create come to; `placement` counts them from 0. */
  result: (prompt: string, placement: number) => CloudResult = () => ({});
  readonly #now: () => number;
  readonly #tasks: Writable<CloudTask>[] = [];
  readonly #environments: CloudEnvironmentSeed[] = [];

  constructor(now: () => number) {
    this.#now = now;
    this.reset();
  }

  /** Every task, newest first: live. */
  get tasks(): readonly CloudTask[] {
    return this.#tasks;
  }

  /** Every environment: live. */
  get environments(): readonly CloudEnvironmentSeed[] {
    return this.#environments;
  }

  /** Adds an environment, or replaces the one with the same id. */
  addEnvironment(environment: CloudEnvironmentSeed): void {
    const index = this.#environments.findIndex(({ id }) => id === environment.id);
    if (index >= 0) this.#environments[index] = environment;
    else this.#environments.push(environment);
  }

  /** Forgets all environments, the one of the beginning too. */
  clearEnvironments(): void {
    this.#environments.length = 0;
  }

  /** Adds a task. */
  addTask({ prompt = "Fix it", attempts = 1, ...seed }: CloudTaskSeed = {}): CloudTask {
    const results =
      typeof attempts === "number"
        ? Array.from({ length: attempts }, (_, placement) => this.result(prompt, placement))
        : attempts;
    const pollsLeft = "pollsUntilReady" in seed ? seed.pollsUntilReady : this.pollsUntilReady;
    const task: CloudTask = {
      id: seed.id ?? `task_e_${randomBytes(16).toString("hex")}`,
      title: seed.title ?? prompt.slice(0, 60),
      prompt,
      environmentId: seed.environmentId ?? this.#environments[0]?.id ?? "",
      branch: seed.branch ?? "main",
      startingDiff: seed.startingDiff,
      createdAt: this.#now(),
      updatedAt: this.#now(),
      isFinished: pollsLeft === 0,
      pollsLeft,
      isArchived: seed.isArchived ?? false,
      attempts: results.map(toAttempt),
    };
    this.#tasks.unshift(task);
    return task;
  }

  /**
   * Ends a task now.
   *
   * @param results - In place of what its attempts would have come to.
   * @throws TypeError for an id that is not known.
   */
  finish(taskId: string, ...results: readonly CloudResult[]): void {
    const task = this.#tasks.find(({ id }) => id === taskId);
    if (task === undefined) throw new TypeError(`there is no task ${taskId}`);
    end(task, this.#now());
    task.attempts = task.attempts.map((attempt, index) => ({
      ...attempt,
      result: results[index] ?? attempt.result,
    }));
  }

  /**
   * Looks a task up, as a client that polls it.
   *
   * @internal
   */
  poll(taskId: string): CloudTask | undefined {
    const task = this.#tasks.find(({ id }) => id === taskId);
    if (task?.isFinished === false && task.pollsLeft !== undefined) {
      task.pollsLeft -= 1;
      // Whoever asked just now still sees it pending.
      const before = { ...task };
      if (task.pollsLeft <= 0) end(task, this.#now());
      return before;
    }
    return task;
  }

  /** Looks a task up: live. */
  find(taskId: string): CloudTask | undefined {
    return this.#tasks.find(({ id }) => id === taskId);
  }

  /**
   * Back to the beginning: no task, and one environment `env-test` of `github/test/repo`.
   *
   * @internal
   */
  reset(): void {
    this.#tasks.length = 0;
    this.clearEnvironments();
    this.addEnvironment({ id: "env-test", label: "test/repo", repositories: ["github/test/repo"] });
    this.pollsUntilReady = 0;
    this.result = () => ({});
  }
}

function toAttempt(result: CloudResult, placement: number): CloudAttempt {
  return { turnId: `task_e_turn~assttrn_${randomBytes(8).toString("hex")}`, placement, result };
}

function end(task: Writable<CloudTask>, now: number): void {
  task.isFinished = true;
  task.pollsLeft = 0;
  task.updatedAt = now;
}
