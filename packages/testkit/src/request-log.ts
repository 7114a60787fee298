import type { ReceivedRequest } from "./received-request.js";
import type { RecordedRequest } from "./recorded-request.js";

/** Which requests to wait for. */
export interface WaitOptions {
  /** Counts only requests whose path ends with this text, or matches. Default: all. */
  readonly path?: string | RegExp | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly check: () => void;
  readonly fail: (error: Error) => void;
}

/** All requests in order of arrival, and those who wait for more of them. */
export class RequestLog {
  readonly requests: ReceivedRequest[] = [];
  readonly #waiters = new Set<Waiter>();

  add(request: RecordedRequest): void {
    this.requests.push(request);
    for (const waiter of this.#waiters) waiter.check();
  }

  clear(): void {
    this.requests.length = 0;
  }

  async waitFor(count: number, { path, signal }: WaitOptions): Promise<readonly ReceivedRequest[]> {
    signal?.throwIfAborted();
    const matching = (): ReceivedRequest[] =>
      this.requests.filter((request) => matchesPath(request.path, path));
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter = {
        check: () => {
          const found = matching();
          if (found.length < count) return;
          settle();
          resolve(found);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      const onAbort = (): void => waiter.fail(signal?.reason);
      signal?.addEventListener("abort", onAbort);
      this.#waiters.add(waiter);
      waiter.check();
    });
  }

  /** Rejects everybody who still waits. */
  close(): void {
    for (const waiter of this.#waiters) waiter.fail(new Error("the backend was closed"));
  }
}

/** Tells whether a path is meant by a text (at its end) or an expression (anywhere); undefined means all. */
export function matchesPath(path: string, pattern: string | RegExp | undefined): boolean {
  if (pattern === undefined) return true;
  return typeof pattern === "string" ? path.endsWith(pattern) : path.search(pattern) !== -1;
}
