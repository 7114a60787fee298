import type { AccountIdentity } from "@codex-ts/auth-provider";
import { toDirectoryConnectors } from "@codex-ts/connectors";
import type { AppInfo, DirectoryApp, DirectoryPage } from "@codex-ts/protocol";
import type { AccountSession } from "./account-session.js";
import { ChatgptError, isChatgptError } from "./errors.js";
import type { CallOptions, ChatgptTelemetry } from "./options.js";

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
  { isWorkspace }: AccountIdentity,
  options: CallOptions,
  telemetry: ChatgptTelemetry | undefined,
): Promise<FetchedDirectory> {
  let isComplete = true;
  const [publicApps, workspaceApps] = await Promise.all([
    fetchPages(session, options),
    isWorkspace
      ? fetchWorkspaceApps(session, options).catch((error: unknown) => {
          if (!isChatgptError(error) || error.kind === "aborted" || error.kind === "account_changed") throw error;
          telemetry?.onWorkspaceDirectoryFailure?.(error);
          isComplete = isFinal(error);
          return [];
        })
      : [],
  ]);
  return { connectors: toDirectoryConnectors([...publicApps, ...workspaceApps]), isComplete };
}

async function fetchPages(session: AccountSession, options: CallOptions): Promise<readonly DirectoryApp[]> {
  const apps: DirectoryApp[] = [];
  const tokens = new Set<string>();
  let query = "external_logos=true";
  while (true) {
    const page = await fetchPage(session, `list?${query}`, options);
    apps.push(...page.apps);
    const token = page.next_token?.trim() ?? "";
    if (token === "") return apps;
    if (tokens.has(token))
      throw new ChatgptError("the pages of the connectors directory go in a circle", { kind: "decode" });
    tokens.add(token);
    query = encodeQuery({ token, external_logos: "true" });
  }
}

async function fetchWorkspaceApps(
  session: AccountSession,
  options: CallOptions,
): Promise<readonly DirectoryApp[]> {
  return (await fetchPage(session, "list_workspace?external_logos=true", options)).apps;
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
