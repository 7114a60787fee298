import type { AuthSource } from "@codex-ts/auth-provider";
import { type BackendError, isBackendError } from "@codex-ts/backend-client";
import { CloudTasksError, type CloudTasksErrorKind } from "./cloud-tasks-error.js";

/** What the reference says when the gate is shut (spec/backend.md §6.1). */
const notSignedIn =
  "Not signed in. Please run 'codex login' to sign in with ChatGPT, then re-run 'codex cloud'.";

/**
 * Runs a call of the backend, and says in our terms why it failed.
 *
 * @param name - What was tried, such as `list_tasks`.
 * @throws {@link CloudTasksError} of kind `aborted`, `auth`, `http` or `timeout`.
 */
export async function callBackend<T>(name: string, auth: AuthSource, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isBackendError(error)) throw error;
    if (error.kind === "auth" && !(await isSignedIn(auth))) {
      throw new CloudTasksError(notSignedIn, { kind: "auth", cause: error });
    }
    const { status, contentType, body } = error;
    throw new CloudTasksError(`${name} failed: ${error.message}`, {
      kind: kindOf(error),
      status,
      contentType,
      body,
      cause: error,
    });
  }
}

async function isSignedIn(auth: AuthSource): Promise<boolean> {
  try {
    return (await auth.current())?.usesCodexBackend === true;
  } catch {
    // That it cannot be read is what the failure says already.
    return true;
  }
}

function kindOf({ kind }: BackendError): CloudTasksErrorKind {
  return kind === "aborted" || kind === "auth" || kind === "timeout" ? kind : "http";
}
