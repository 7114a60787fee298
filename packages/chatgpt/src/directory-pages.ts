import { toDirectoryConnectors } from "@codex-ts/connectors";
import type { AppInfo, DirectoryApp, DirectoryPage } from "@codex-ts/protocol";
import type { AccountSession } from "./account-session.js";
import { ChatgptError, isChatgptError } from "./errors.js";
import type { CallOptions, ChatgptTelemetry } from "./options.js";
import { report } from "./report.js";

/** Both directories as one list. */
export interface FetchedDirectory {
  readonly connectors: readonly AppInfo[];
  /** False when the workspace's could not be read for a reason that may pass. */
  readonly isComplete: boolean;
}

/**
 * Reads the public directory, page after page, and beside it that of the workspace if the account belongs to one.
 *
 * @throws ChatgptError when the public directory cannot be read; that of the workspace counts as empty then.
 */
export async function fetchDirectory(
  session: AccountSession,
  { signal, timeoutMs }: CallOptions,
  telemetry: ChatgptTelemetry | undefined,
): Promise<FetchedDirectory> {
  const givenUp = new AbortController();
  const both = { timeoutMs, signal: signal ? AbortSignal.any([signal, givenUp.signal]) : givenUp.signal };
  try {
    const [publicApps, workspace] = await Promise.all([
      fetchPages(session, both),
      session.account.isWorkspace ? fetchWorkspace(session, both, telemetry) : { apps: [], isComplete: true },
    ]);
    const { apps, isComplete } = workspace;
    return { connectors: toDirectoryConnectors([...publicApps, ...apps]), isComplete };
  } catch (error) {
    // Nobody waits for the other half any more.
    givenUp.abort();
    throw error;
  }
}

async function fetchPages(session: AccountSession, options: CallOptions): Promise<readonly DirectoryApp[]> {
  const apps: DirectoryApp[] = [];
  const tokens = new Set<string>();
  let query = "external_logos=true";
  while (true) {
    const page = await fetchPage(session, `list?${query}`, options);
    for (const app of page.apps) apps.push(app);
    const token = page.next_token?.trim() ?? "";
    if (token === "") return apps;
    if (tokens.has(token))
      throw new ChatgptError("the pages of the connectors directory go in a circle", { kind: "decode" });
    tokens.add(token);
    query = encodeQuery({ token, external_logos: "true" });
  }
}

async function fetchWorkspace(
  session: AccountSession,
  options: CallOptions,
  telemetry: ChatgptTelemetry | undefined,
): Promise<{ readonly apps: readonly DirectoryApp[]; readonly isComplete: boolean }> {
  try {
    // One page: the token for more of them is not looked at.
    const { apps } = await fetchPage(session, "list_workspace?external_logos=true", options);
    return { apps, isComplete: true };
  } catch (error) {
    if (!isChatgptError(error) || error.kind === "aborted" || error.kind === "account_changed") throw error;
    report(telemetry, (hooks) => hooks.onWorkspaceDirectoryFailure?.(error));
    return { apps: [], isComplete: isFinal(error) };
  }
}

function fetchPage(session: AccountSession, path: string, options: CallOptions): Promise<DirectoryPage> {
  return session.request(
    { method: "GET", path: `connectors/directory/${path}` },
    ({ directoryPageSchema }) => directoryPageSchema,
    options,
  );
}

/** Encodes everything but letters, digits and `-._~`, where forms would write a space as `+`. */
function encodeQuery(members: Record<string, string>): string {
  const form = String(new URLSearchParams(members));
  return form.replaceAll("+", "%20").replaceAll("*", "%2A").replaceAll("%7E", "~");
}

/** A refusal stays one; a server in trouble, a network or a time limit may be different next time. */
function isFinal({ status = 0 }: ChatgptError): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
