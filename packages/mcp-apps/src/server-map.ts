import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { codexAppsServerName } from "@codex-ts/connectors";
import type { CodexAppsServer } from "./server.js";

/** Whether the server of Codex Apps is there, and which. */
export interface CodexAppsRegistration<Extension> {
  /** Whether the user wants apps at all. */
  readonly areAppsEnabled: boolean;
  /** The login of this moment. */
  readonly login: Pick<AuthSnapshot, "usesCodexBackend"> | undefined;
  readonly server: CodexAppsServer;
  /** What extensions register in its place, in their order; the last one counts. `null` removes the server. */
  readonly extensions?: readonly (Extension | null)[] | undefined;
}

/**
 * Gives the MCP servers that are in effect: those of the user, and Codex Apps under its reserved name if the login uses
 * the Codex backend. Of an entry that the user has written under that name, only `enabled = false` counts.
 */
export function withCodexApps<Entry extends object, Extension extends object = CodexAppsServer>(
  servers: Readonly<Record<string, Entry>>,
  registration: CodexAppsRegistration<Extension>,
): Readonly<Record<string, CodexAppsServer | Entry | Extension>> {
  const { [codexAppsServerName]: configured, ...others } = servers;
  const { areAppsEnabled, login, server, extensions = [] } = registration;
  const registered = extensions.length === 0 ? server : (extensions.at(-1) ?? null);
  if (!areAppsEnabled || login?.usesCodexBackend !== true || registered === null) return others;
  const isDisabled = configured !== undefined && "enabled" in configured && configured.enabled === false;
  return { ...others, [codexAppsServerName]: isDisabled ? { ...registered, enabled: false } : registered };
}
