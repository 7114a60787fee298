import {
  AuthError,
  type AuthProvider,
  type AuthRejection,
  type AuthSnapshot,
  type AuthSource,
  applyAuth,
  isAuthError,
  type OutboundRequest,
} from "@codex-ts/auth-provider";

/**
 * Signs each attempt with the login of that moment and remembers which one it was: what comes back belongs to that
 * account, also when somebody else has signed in meanwhile.
 */
export class SnapshotProvider implements AuthProvider {
  readonly #source: AuthSource;
  #used: AuthSnapshot;
  #isSignedOut = false;

  /** @param login - The reading that let the gate open. */
  constructor(source: AuthSource, login: AuthSnapshot) {
    this.#source = source;
    this.#used = login;
  }

  /** The login that signed last. */
  get used(): AuthSnapshot {
    return this.#used;
  }

  /** Whether there was no login when one was wanted. */
  get isSignedOut(): boolean {
    return this.#isSignedOut;
  }

  addAuthHeaders(): never {
    throw new AuthError("the login must be asked first", { kind: "build" });
  }

  async applyAuth(request: OutboundRequest): Promise<OutboundRequest> {
    const login = await readLogin(this.#source);
    this.#isSignedOut = login === undefined;
    if (login?.usesCodexBackend !== true) {
      throw new AuthError(login ? "the login does not use the Codex backend" : "nobody is signed in", {
        kind: "build",
      });
    }
    this.#used = login;
    return await applyAuth(login.provider, request);
  }

  async recover(rejection: AuthRejection): Promise<boolean> {
    return (await this.#source.provider.recover?.(rejection)) === true;
  }
}

/**
 * Reads the login of this moment.
 *
 * @throws AuthError, `transient` when the source's own error says that it is `retryable`.
 */
export async function readLogin(source: AuthSource, signal?: AbortSignal): Promise<AuthSnapshot | undefined> {
  try {
    return await source.current(signal);
  } catch (error) {
    throw toAuthError(error);
  }
}

function toAuthError(error: unknown): AuthError {
  if (isAuthError(error)) return error;
  const kind = isRetryable(error) ? "transient" : "build";
  // Errors with a kind are made to be shown. Anything else may quote the credential.
  if (error instanceof Error && "kind" in error) return new AuthError(error.message, { kind, cause: error });
  const name = error instanceof Error ? error.name : typeof error;
  return new AuthError(`the login could not be read (${name})`, { kind });
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true;
}
