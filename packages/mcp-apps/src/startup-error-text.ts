import { codexAppsServerName } from "@codex-ts/connectors";
import { isMcpAppsError } from "./errors.js";

/** The server that did not start. */
export interface StartupErrorOptions {
  /** @defaultValue "codex_apps" */
  readonly serverName?: string | undefined;
  readonly url?: string | undefined;
  /** Whether a token or an `Authorization` is configured for it. */
  readonly hasCredential?: boolean | undefined;
  /** Milliseconds. @defaultValue 30_000 */
  readonly startupTimeoutMs?: number | undefined;
}

/** Says to a user why an MCP server did not start, and what to do about it, in the words of the Codex CLI. */
export function startupErrorText(error: unknown, options: StartupErrorOptions = {}): string {
  const { serverName = codexAppsServerName, url, hasCredential = false, startupTimeoutMs = 30_000 } = options;
  const message = error instanceof Error ? error.message : String(error);
  const kind = isMcpAppsError(error) ? error.kind : undefined;
  if (url !== undefined && githubUrl.test(url) && !hasCredential)
    return (
      "The GitHub MCP server takes no OAuth login. Make a personal access token at " +
      "https://github.com/settings/personal-access-tokens, put it into an environment variable, and name that in " +
      `your config.toml:\n[mcp_servers.${serverName}]\nbearer_token_env_var = "GITHUB_PERSONAL_ACCESS_TOKEN"`
    );
  if (kind === "unauthorized" || message.includes("Auth required"))
    return `The ${serverName} MCP server is not logged in. Run \`codex mcp login ${serverName}\`.`;
  if (kind === "timeout" || timeoutText.test(message))
    return (
      `MCP client for \`${serverName}\` timed out after ${startupTimeoutMs / 1000} seconds. Add or adjust ` +
      `\`startup_timeout_sec\` in your config.toml:\n[mcp_servers.${serverName}]\nstartup_timeout_sec = XX`
    );
  return `MCP client for \`${serverName}\` failed to start: MCP startup failed: ${message}`;
}

const githubUrl = /^https:\/\/api\.githubcopilot\.com\/mcp\/?$/;
const timeoutText = /request timed out|timed out handshaking with MCP server/;
