import { TransportError } from "@codex-ts/client";
import { AgentIdentityError } from "./errors.js";

/** A task that has been registered. */
export interface TaskRegistration {
  readonly taskId: string;
  /** The task it stands in for; nothing for the first one. */
  readonly replacedTaskId: string | undefined;
}

/** How a task is registered, and who is told. */
export interface AgentTaskOptions {
  /** Left out, the agent keeps the task that it has. */
  readonly register: (() => Promise<string>) | undefined;
  readonly onRegistered: ((registration: TaskRegistration) => void | Promise<void>) | undefined;
  /** A clock that never goes back. */
  readonly monotonicMs: () => number;
}

/** The task of an agent, and the one registration of it that may be under way. */
export class AgentTask {
  readonly #options: AgentTaskOptions;
  #id: string | undefined;
  #replacedAtMs = Number.NEGATIVE_INFINITY;
  #registration: Promise<string> | undefined;

  constructor(id: string | undefined, options: AgentTaskOptions) {
    this.#id = id;
    this.#options = options;
  }

  /** The newest task, or nothing before the first registration. */
  get id(): string | undefined {
    return this.#id;
  }

  /** When the task was last replaced by another, on the monotonic clock; minus infinity for never. */
  get replacedAtMs(): number {
    return this.#replacedAtMs;
  }

  /** Whether another task can be had. */
  get canRegister(): boolean {
    return this.#options.register !== undefined;
  }

  /** Whether a registration is under way. */
  get isRegistering(): boolean {
    return this.#registration !== undefined;
  }

  /**
   * Registers a task, or waits for the registration that is under way. The signal ends the waiting only: others
   * may wait for the same registration.
   *
   * @throws {@link AgentIdentityError}, and `TransportError` of kind `aborted` when the signal fires.
   */
  async register(signal?: AbortSignal | undefined): Promise<string> {
    if (signal?.aborted) throw abortError(signal);
    this.#registration ??= this.#run().finally(() => {
      this.#registration = undefined;
    });
    return await abortable(this.#registration, signal);
  }

  async #run(): Promise<string> {
    const { register, onRegistered, monotonicMs } = this.#options;
    if (register === undefined) throw missingTask();
    const taskId = await register();
    const replacedTaskId = this.#id;
    this.#id = taskId;
    if (replacedTaskId !== undefined) this.#replacedAtMs = monotonicMs();
    try {
      await onRegistered?.({ taskId, replacedTaskId });
    } catch (cause) {
      throw new AgentIdentityError(`"onTaskRegistered" failed for a task that was registered`, {
        kind: "task_registration",
        cause,
      });
    }
    return taskId;
  }
}

/** The error of a request that is to be signed before there is a task. */
export function missingTask(): AgentIdentityError {
  return new AgentIdentityError("the agent identity has no task to sign for", { kind: "signing" });
}

async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(abortError(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => signal.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
  }
}

function abortError({ reason }: AbortSignal): TransportError {
  return new TransportError("waiting for an agent task was aborted", { kind: "aborted", cause: reason });
}
