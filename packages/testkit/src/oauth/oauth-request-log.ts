import { EventEmitter, once } from "node:events";
import { matchesPath } from "../request-log.js";
import type { OAuthRequest } from "./oauth-request.js";

/** Which requests to wait for. */
export interface OAuthWaitOptions {
  /** Counts only requests whose path ends with this text, or matches. Default: all. */
  readonly path?: string | RegExp | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** All requests in order of arrival, and those who wait for more of them. */
export class OAuthRequestLog {
  readonly requests: OAuthRequest[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #isClosed = false;

  add(request: OAuthRequest): void {
    this.requests.push(request);
    this.#changes.emit("change");
  }

  clear(): void {
    this.requests.length = 0;
  }

  async waitFor(count: number, { path, signal }: OAuthWaitOptions): Promise<readonly OAuthRequest[]> {
    for (;;) {
      const found = this.requests.filter((request) => matchesPath(request.path, path));
      if (found.length >= count) return found;
      if (this.#isClosed) throw new Error("the issuer was closed");
      signal?.throwIfAborted();
      await once(this.#changes, "change", { signal }).catch((error: unknown) => {
        throw signal?.aborted ? signal.reason : error;
      });
    }
  }

  /** Rejects everybody who still waits. */
  close(): void {
    this.#isClosed = true;
    this.#changes.emit("change");
  }
}
