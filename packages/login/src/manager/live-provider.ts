import {
  AuthError,
  type AuthProvider,
  type AuthRejection,
  type OutboundRequest,
} from "@codex-ts/auth-provider";
import { isLoginError, LoginError } from "../login-error.js";
import type { CodexAuth } from "../modes/codex-auth.js";

/** What a {@link LiveProvider} asks of its manager. */
export interface LoginReader {
  /** The login that can be used as it is, without waiting. Nothing: ask {@link LoginReader.fresh}. */
  ready(): CodexAuth | undefined;
  /** The newest login that was loaded, fresh or not. @throws LoginError */
  newest(): CodexAuth | undefined;
  /** The login, refreshed if that is due. @throws LoginError */
  fresh(): Promise<CodexAuth | undefined>;
  /** @throws LoginError */
  recover(rejection: AuthRejection): Promise<boolean>;
}

/** Signs with whatever login the manager has at that moment. */
export class LiveProvider implements AuthProvider {
  readonly #reader: LoginReader;

  constructor(reader: LoginReader) {
    this.#reader = reader;
  }

  addAuthHeaders(headers: Headers): void {
    let auth: CodexAuth;
    try {
      auth = required(this.#reader.newest());
    } catch (error) {
      throw toAuthError(error);
    }
    auth.provider().addAuthHeaders(headers);
  }

  applyAuth(request: OutboundRequest): OutboundRequest | Promise<OutboundRequest> {
    const auth = this.#reader.ready();
    return auth === undefined ? this.#applyFresh(request) : apply(auth, request);
  }

  async recover(rejection: AuthRejection): Promise<boolean> {
    try {
      return await this.#reader.recover(rejection);
    } catch (error) {
      throw toAuthError(error);
    }
  }

  async #applyFresh(request: OutboundRequest): Promise<OutboundRequest> {
    let auth: CodexAuth;
    try {
      auth = required(await this.#reader.fresh());
    } catch (error) {
      throw toAuthError(error);
    }
    return await apply(auth, request);
  }
}

function apply(auth: CodexAuth, request: OutboundRequest): OutboundRequest | Promise<OutboundRequest> {
  const provider = auth.provider();
  if (provider.applyAuth !== undefined) return provider.applyAuth(request);
  provider.addAuthHeaders(request.headers);
  return request;
}

function required(auth: CodexAuth | undefined): CodexAuth {
  if (auth !== undefined) return auth;
  throw new LoginError("nobody is signed in, so the request was not sent; sign in first", {
    kind: "not_logged_in",
  });
}

function toAuthError(error: unknown): unknown {
  if (!isLoginError(error)) return error;
  return new AuthError(error.message, { kind: error.retryable ? "transient" : "build", cause: error });
}
