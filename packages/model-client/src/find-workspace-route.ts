import type { SetupInput } from "./open-setup.js";
import type { Access } from "./session/access.js";
import type { WorkspaceRoute } from "./workspace-routing.js";

/** Makes the question for where the workspace of an account is served. */
export function findWorkspaceRoute(
  _input: Pick<SetupInput, "options" | "transport">,
): (access: Access, signal: AbortSignal) => Promise<WorkspaceRoute> {
  return async () => ({ origin: undefined, routingOverride: undefined });
}
