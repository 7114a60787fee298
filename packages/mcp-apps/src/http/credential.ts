import {
  AuthError,
  type AuthProvider,
  type AuthSnapshot,
  type AuthSource,
  applyAuth,
  type OutboundRequest,
  unauthenticated,
} from "@codex-ts/auth-provider";
import type { Environment } from "@codex-ts/client";
import { codexAppsServerName } from "@codex-ts/connectors";
import { McpAppsError } from "../errors.js";
import type { CodexAppsServer } from "../server.js";
import { mayReceiveLogin } from "../trusted-origin.js";

/** What decides about the credential of a request. */
export interface CredentialOptions {
  readonly auth: AuthSource;
  readonly server: CodexAppsServer;
  readonly env: Environment;
  readonly allowAnonymous: boolean;
  /** Throws for a login that may not sign. */
  readonly admit?: ((login: AuthSnapshot) => void) | undefined;
}

/**
 * Chooses the credential: one that is configured, else the login where it may be sent to.
 *
 * @throws {@link McpAppsError} of kind `origin` or `config`. Then nothing may be sent.
 */
export function requestCredential(options: CredentialOptions): AuthProvider {
  const { server, allowAnonymous } = options;
  if (server.bearerTokenEnvVar !== undefined)
    return bearer(configuredToken(options, server.bearerTokenEnvVar));
  if (configuredAuthorization(server) !== undefined) return unauthenticated;
  if (server.auth === "none" && allowAnonymous) return unauthenticated;
  demandTrust(server, server.url);
  return liveLogin(options);
}

/**
 * Makes sure that the login may be sent to a URL of the configuration. What `auth` says is not enough: a configuration
 * is data, and may have been changed since.
 *
 * @throws {@link McpAppsError} of kind `origin`.
 */
export function demandTrust({ auth, allowedOrigins }: CodexAppsServer, url: string): void {
  const target = new URL(url);
  if (auth === "chatgpt" && mayReceiveLogin(target, allowedOrigins)) return;
  const message = `the login may not be sent to ${target.origin}; name it in "allowedOrigins" if it may`;
  throw new McpAppsError(message, { kind: "origin" });
}

/** The text with which a login is refused that does not use the Codex backend. */
export const backendLoginRequired = "Codex Apps needs a login that uses the Codex backend";

/** Signs with the newest login, each time anew, after asking whether it may. */
function liveLogin({ auth, admit }: CredentialOptions): AuthProvider {
  return {
    addAuthHeaders() {
      // Which login it is can only be asked asynchronously.
      throw new AuthError(backendLoginRequired, { kind: "build" });
    },
    async applyAuth(request: OutboundRequest): Promise<OutboundRequest> {
      const login = await auth.current();
      // What was asked whether it may must also be what signs, so it is not the live provider.
      const { provider } = admitted(login, admit);
      return applyAuth(provider, request);
    },
    recover: async (rejection) => (await auth.provider.recover?.(rejection)) === true,
  };
}

/**
 * Does what may refuse the login, as a part of signing.
 *
 * @throws AuthError whose cause is the refusal, because the transport lets only this class through.
 */
export function admitAs(admit: () => void): void {
  try {
    admit();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : "the login was refused";
    throw new AuthError(message, { kind: "build", cause });
  }
}

function admitted(login: AuthSnapshot | undefined, admit: CredentialOptions["admit"]): AuthSnapshot {
  admitAs(() => {
    demandBackend(login);
    admit?.(login);
  });
  return login as AuthSnapshot;
}

function demandBackend(login: AuthSnapshot | undefined): asserts login is AuthSnapshot {
  if (login?.usesCodexBackend !== true)
    throw new McpAppsError(backendLoginRequired, { kind: "auth_required" });
}

function bearer(token: string): AuthProvider {
  return { addAuthHeaders: (headers) => headers.set("authorization", `Bearer ${token}`) };
}

function configuredToken({ env }: CredentialOptions, variable: string): string {
  const value = env[variable];
  const unusable = (reason: string): Error =>
    new McpAppsError(`Environment variable ${variable} for MCP server '${codexAppsServerName}' ${reason}`, {
      kind: "config",
    });
  if (value === undefined) throw unusable("is not set");
  if (value.trim() === "") throw unusable("is empty");
  // What is no Unicode was replaced when Node read it.
  if (value.includes("\ufffd")) throw unusable("contains invalid Unicode");
  return value.trim();
}

/** The credential among the headers of a configuration, which takes the place of the login. */
export function configuredAuthorization({ headers }: CodexAppsServer): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization")?.[1];
}
