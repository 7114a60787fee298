import { errorBody } from "./error-body.js";
import { Refusal } from "./refusal.js";

/** What an event of type `error` says. */
export interface ErrorEventParts {
  readonly status: number;
  readonly error: object;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Makes the text of an event of type `error`, which takes the place of an answer over HTTP with this status. */
export function errorEventText({ status, error, headers = {} }: ErrorEventParts): string {
  return JSON.stringify({ type: "error", status, error, headers });
}

/** Turns what was thrown into an event; what is no refusal is a failure of the test's own code. */
export function errorEvent(thrown: unknown): string {
  if (thrown instanceof Refusal) {
    const { status, code, message, param, headers } = thrown;
    return errorEventText({ status, headers, ...errorBody(status, code, message, param) });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return errorEventText({ status: 500, ...errorBody(500, "testkit_failure", message) });
}
