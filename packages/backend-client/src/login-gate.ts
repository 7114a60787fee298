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
 * Reads the login, whatever it is.
 *
 * @throws {@link BackendError} of kind `auth` when there is none, or it cannot be read.
 */
export async function demandLogin(
  source: AuthSource,
  signal: AbortSignal | undefined,
): Promise<AuthSnapshot> {
  const login = await readLogin(source, signal);
  if (login === undefined) throw new BackendError(noLogin, { kind: "auth" });
  return login;
}

/**
 * Reads the login, if it may talk to the Codex backend.
 *
 * @throws {@link BackendError} of kind `auth`.
 */
export async function demandCodexLogin(
  source: AuthSource,
  signal: AbortSignal | undefined,
): Promise<AuthSnapshot> {
  const login = await demandLogin(source, signal);
  if (!login.usesCodexBackend) throw new BackendError(otherLogin, { kind: "auth" });
  return login;
}

/**
 * Reads the login, if there is one.
 *
 * @throws {@link BackendError} of kind `auth` when it cannot be read.
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
      if (login === undefined) throw new AuthError(noLogin, { kind: "build" });
      if (!login.usesCodexBackend) throw new AuthError(otherLogin, { kind: "build" });
      return applyAuth(login.provider, request);
    },
    recover: async (rejection) => (await source.provider.recover?.(rejection)) === true,
  };
}

const noLogin = "nobody is logged in";
const otherLogin = "the login does not use the Codex backend";
