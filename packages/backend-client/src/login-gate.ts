import {
  AuthError,
  type AuthProvider,
  type AuthSnapshot,
  type AuthSource,
  applyAuth,
  type OutboundRequest,
} from "@codex-ts/auth-provider";
import { BackendError } from "./errors.js";

/** Tells a source of logins from a mere provider of headers. */
export function isAuthSource(auth: AuthProvider | AuthSource): auth is AuthSource {
  return "current" in auth;
}

/**
 * Reads the login, if it may talk to the Codex backend.
 *
 * @throws {@link BackendError} of kind `auth`.
 */
export async function demandLogin(
  source: AuthSource,
  signal: AbortSignal | undefined,
): Promise<AuthSnapshot> {
  const login = await readLogin(source, signal);
  const reason = objection(login);
  if (login === undefined || reason !== undefined) throw new BackendError(reason ?? "", { kind: "auth" });
  return login;
}

/**
 * Reads the login, whatever it is.
 *
 * @throws {@link BackendError} of kind `auth` when that fails.
 */
export async function readLogin(
  source: AuthSource,
  signal: AbortSignal | undefined,
): Promise<AuthSnapshot | undefined> {
  try {
    return await source.current(signal);
  } catch (cause) {
    throw new BackendError("the login could not be read", { kind: "auth", cause });
  }
}

/** Signs each attempt with the newest login, if that may talk to the Codex backend. With any other nothing is sent. */
export function gatedProvider(source: AuthSource): AuthProvider {
  return {
    addAuthHeaders() {
      // Which login it is can only be asked asynchronously.
      throw new AuthError("the login must be asked first", { kind: "build" });
    },
    async applyAuth(request: OutboundRequest): Promise<OutboundRequest> {
      const login = await source.current();
      const reason = objection(login);
      if (login === undefined || reason !== undefined) throw new AuthError(reason ?? "", { kind: "build" });
      return applyAuth(login.provider, request);
    },
    recover: async (rejection) => (await source.provider.recover?.(rejection)) === true,
  };
}

function objection(login: AuthSnapshot | undefined): string | undefined {
  if (login === undefined) return "nobody is logged in";
  return login.usesCodexBackend ? undefined : "the login does not use the Codex backend";
}
