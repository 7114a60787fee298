import type { AuthRejection } from "@codex-ts/auth-provider";
import type { AgentTask } from "./agent-task.js";

// How long after a replacement rejections of the task before it may still come in.
const stragglerMs = 5000;

/**
 * Answers a 401 that says the task is invalid: a task that the backend has forgotten is registered again, once for
 * all requests that meet it, and each of them is sent once more.
 *
 * A rejection does not say which task its request carried, and many requests may have carried the old one. So:
 *
 * - While a registration is under way, every rejection waits for it: its request carried the task before.
 * - A first rejection (round 0) shortly after a replacement is taken for a straggler of the old task: its request is
 *   sent again with the new one, and nothing is registered. If it was none, its second rejection registers.
 * - Any other first rejection registers.
 * - Any other second rejection is final: the backend does not want the fresh task either.
 */
export class TaskRecovery {
  readonly #task: AgentTask;
  readonly #monotonicMs: () => number;
  #sentAgainAtMs = Number.NEGATIVE_INFINITY;

  /** @param monotonicMs - The clock of the task. */
  constructor(task: AgentTask, monotonicMs: () => number) {
    this.#task = task;
    this.#monotonicMs = monotonicMs;
  }

  /**
   * Resolves to true when the request is worth sending again.
   *
   * @throws As {@link AgentTask.register} does.
   */
  async recover(rejection: AuthRejection): Promise<boolean> {
    if (!this.#task.canRegister || rejection.round > 1) return false;
    if (this.#task.isRegistering) return await this.#register(rejection.signal);
    return rejection.round === 0 ? await this.#first(rejection.signal) : await this.#second(rejection.signal);
  }

  async #first(signal: AbortSignal | undefined): Promise<boolean> {
    const now = this.#monotonicMs();
    if (now - this.#task.replacedAtMs > stragglerMs) return await this.#register(signal);
    this.#sentAgainAtMs = now;
    return true;
  }

  async #second(signal: AbortSignal | undefined): Promise<boolean> {
    const wasMerelySentAgain = this.#monotonicMs() - this.#sentAgainAtMs <= stragglerMs;
    if (!wasMerelySentAgain) return false;
    return this.#task.replacedAtMs > this.#sentAgainAtMs || (await this.#register(signal));
  }

  async #register(signal: AbortSignal | undefined): Promise<true> {
    await this.#task.register(signal);
    return true;
  }
}
