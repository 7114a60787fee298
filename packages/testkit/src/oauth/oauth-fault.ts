import { matchesPath } from "../request-log.js";

/** Something to go wrong with a request to come. */
export type OAuthFault = {
  /** The end of the path, or an expression that it matches. Default `/oauth/token`. */
  readonly path?: string | RegExp | undefined;
  /** How many requests it hits; `Infinity` for all to come. Default 1. */
  readonly times?: number | undefined;
} & (
  | {
      /** Answers so in place of the right answer; no token is used up. */
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      /** Default: an empty body. */
      readonly body?: string | undefined;
    }
  /** Answers with a challenge page, as a proxy in between would. Default status 403. */
  | { readonly kind: "html"; readonly status?: number | undefined }
  /** Does what was asked, uses up the token, and answers 200 without a body. */
  | { readonly kind: "empty" }
  /** Takes the request, does nothing and never answers. */
  | { readonly kind: "hang" }
  /** Does what was asked, uses up the token, and ends the connection without an answer. */
  | { readonly kind: "cut" }
  /** Waits before anything is done. If the client has gone away by then, nothing is. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The same, until a promise settles. */
  | { readonly kind: "hold"; readonly until: Promise<unknown> }
);

/** The faults still to come, oldest first. */
export class OAuthFaultQueue {
  #pending: { readonly fault: OAuthFault; left: number }[] = [];

  add(fault: OAuthFault): void {
    this.#pending.push({ fault, left: fault.times ?? 1 });
  }

  /** Takes the first fault that is meant for this path. */
  take(path: string): OAuthFault | undefined {
    const entry = this.#pending.find(({ fault }) => matchesPath(path, fault.path ?? "/oauth/token"));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#pending = this.#pending.filter((other) => other !== entry);
    return entry.fault;
  }

  clear(): void {
    this.#pending = [];
  }
}
