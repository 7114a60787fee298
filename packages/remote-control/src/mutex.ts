import { abortable } from "./pulse.js";

/** Lets one task run at a time, in the order in which they came. */
export class Mutex {
  #last: Promise<void> = Promise.resolve();

  /**
   * @param signal - Gives up waiting for the turn. The task itself has to heed it on its own.
   * @throws What the task throws, and {@link RemoteControlError} of kind `aborted`.
   */
  async run<Value>(task: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    const before = this.#last;
    let release = (): void => {};
    const done = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#last = before.then(() => done);
    try {
      await abortable(before, signal);
      return await task();
    } finally {
      release();
    }
  }
}
