/**
 * What failed. The README has a line for each kind.
 *
 * - `aborted`: the caller's signal fired.
 * - `auth`: nobody is signed in, or with a login that tasks do not take, or its credential cannot be used. Nothing was sent.
 * - `environment`: an environment cannot be found, or not told from others.
 * - `git`: git refused the diff, or could not be run. The working tree is as it was; `cause` says more.
 * - `http`: the backend refused, gave no answer, or one that is none.
 * - `invalid_input`: what somebody typed or pasted cannot be used.
 * - `no_diff`: the task, or that attempt of it, has no diff.
 * - `task_failed`: the task has ended in an error.
 * - `timeout`: a time limit elapsed.
 */
export type CloudTasksErrorKind =
  | "aborted"
  | "auth"
  | "environment"
  | "git"
  | "http"
  | "invalid_input"
  | "no_diff"
  | "task_failed"
  | "timeout";

/** Facts about a failure. None of them is a credential. */
export interface CloudTasksErrorOptions extends ErrorOptions {
  readonly kind: CloudTasksErrorKind;
  /** HTTP status, when the backend refused. */
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
  /** Text of the answer. */
  readonly body?: string | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/cloud-tasks.CloudTasksError");

/** Thrown by this package. The message holds neither a body nor a credential. */
export class CloudTasksError extends Error {
  override readonly name = "CloudTasksError";
  readonly kind: CloudTasksErrorKind;
  /** HTTP status, when the backend refused. */
  declare readonly status: number | undefined;
  /** Content type of the answer. Not enumerable. */
  declare readonly contentType: string | undefined;
  /** Text of the answer. Not enumerable, so that a logger does not dump it. */
  declare readonly body: string | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, status, contentType, body, cause }: CloudTasksErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    if (status !== undefined) this.status = status;
    Object.defineProperties(this, {
      contentType: { value: contentType },
      body: { value: body },
      [brand]: { value: true },
    });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isCloudTasksError(error: unknown): error is CloudTasksError {
  return typeof error === "object" && error !== null && brand in error;
}

/**
 * Renders an error as the reference client shows it (spec/backend.md §5.1): `http error: list_tasks failed: GET …`.
 *
 * The text holds the whole body of the answer, as far as it is known. Use `message` for logs.
 */
export function cloudTasksErrorText({ kind, message, contentType, body }: CloudTasksError): string {
  const text = body === undefined ? message : `${message}; content-type=${contentType ?? ""}; body=${body}`;
  if (kind === "http") return `http error: ${text}`;
  return kind === "git" ? `io error: ${text}` : text;
}
