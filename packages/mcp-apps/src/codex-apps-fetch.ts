import type { AuthSource } from "@codex-ts/auth-provider";
import type { Environment, RequestTelemetry, Transport } from "@codex-ts/client";
import { AppsHttp } from "./http/apps-http.js";
import { requestCredential } from "./http/credential.js";
import type { CodexAppsServer } from "./server.js";

/** What requests to the server of Codex Apps are made with. */
export interface CodexAppsHttpOptions {
  /** Carries the requests. Not closed here; one serves a whole process. */
  readonly transport: Transport;
  /** Asked for each request. A login that does not use the Codex backend is refused, and nothing sent. */
  readonly auth: AuthSource;
  readonly server: CodexAppsServer;
  /** Holds the value of `server.bearerTokenEnvVar`. Not read otherwise. */
  readonly env?: Environment | undefined;
  /**
   * Whether a server that must not see the login is spoken to without it. Otherwise nothing is sent.
   *
   * @defaultValue false
   */
  readonly allowAnonymous?: boolean | undefined;
  readonly telemetry?: RequestTelemetry | undefined;
}

/** A `fetch` for one MCP client and its one server. */
export type CodexAppsFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * Makes a `fetch` for the streamable HTTP transport of an MCP client. Each request is signed by the newest login;
 * a 401 is recovered from, `initialize` and `tools/list` are tried three times, and an answer that breaks off is taken
 * up again where the server allows it, or reported as the answer to its request.
 *
 * Only 2xx, and 405 where it is no failure, come back as a `Response`. Everything else rejects with an
 * {@link McpAppsError}. The body of a request must be text.
 */
export function createCodexAppsFetch(options: CodexAppsHttpOptions): CodexAppsFetch {
  const { transport, auth, server, env = {}, allowAnonymous = false, telemetry } = options;
  return new AppsHttp({
    transport,
    server,
    telemetry,
    credential: () => requestCredential({ auth, server, env, allowAnonymous }),
  }).fetch;
}
