import type { BackendState } from "../backend-state.js";
import type { RecordedRequest } from "../recorded-request.js";
import type { Reply } from "../reply.js";

/** One exchange as a route sees it. */
export interface Exchange {
  readonly request: RecordedRequest;
  readonly state: BackendState;
  /** What the groups of the route's pattern matched. */
  readonly params: readonly string[];
  /** The backend's own origin, without a slash at the end. */
  readonly origin: string;
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal;
}

/** An endpoint. */
export interface Route {
  readonly method: "DELETE" | "GET" | "POST" | "PUT";
  readonly pattern: RegExp;
  /** `required`: a valid credential. `own`: the handler looks after it. */
  readonly auth: "required" | "own";
  /** @throws {@link Refusal} for an error answer. */
  readonly handle: (exchange: Exchange) => Reply | Promise<Reply>;
}
