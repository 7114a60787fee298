/** Work that nobody waits for, and that may be waited for all the same. */
export class BackgroundTasks {
  readonly #running = new Set<Promise<void>>();

  /** Starts a task. A failure of it is nobody's affair. */
  run(task: () => Promise<void>): void {
    const running = task()
      .catch(() => {})
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when no task runs. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
