import {
  AuthError,
  type AuthProvider,
  type AuthRejection,
  type AuthSnapshot,
  applyAuth,
  type OutboundRequest,
} from "@codex-ts/auth-provider";
import { isLoginError } from "@codex-ts/login";
import { defaultBaseUrl } from "../api-provider.js";
import type { LoginSource } from "../login-source.js";

/**
 * The user's login as it was resolved for a request: always with the newest tokens, but of this very account. After
 * somebody else has signed in, it refuses.
 */
export class OwnedLogin implements AuthProvider {
  readonly #login: LoginSource;
  readonly #owner: string;
  readonly #signer: AuthProvider | undefined;

  /** @param signer - Signs in place of the login itself, but only as long as the login is the same. */
  constructor(login: LoginSource, snapshot: AuthSnapshot, signer?: AuthProvider) {
    this.#login = login;
    this.#owner = ownerOf(snapshot);
    this.#signer = signer;
  }

  addAuthHeaders(headers: Headers): void {
    if (this.#login.cached === undefined) {
      (this.#signer ?? this.#login.provider).addAuthHeaders(headers);
      return;
    }
    let snapshot: AuthSnapshot | undefined;
    try {
      snapshot = this.#login.cached()?.snapshot();
    } catch (error) {
      throw toAuthError(error);
    }
    this.#signerFor(snapshot).addAuthHeaders(headers);
  }

  async applyAuth(request: OutboundRequest): Promise<OutboundRequest> {
    let snapshot: AuthSnapshot | undefined;
    try {
      snapshot = await this.#login.current();
    } catch (error) {
      throw toAuthError(error);
    }
    return await applyAuth(this.#signerFor(snapshot), request);
  }

  async recover(rejection: AuthRejection): Promise<boolean> {
    return (await (this.#signer ?? this.#login.provider).recover?.(rejection)) === true;
  }

  #signerFor(snapshot: AuthSnapshot | undefined): AuthProvider {
    if (snapshot === undefined) throw new AuthError(signedOut, { kind: "build" });
    if (ownerOf(snapshot) !== this.#owner) throw new AuthError(changed, { kind: "transient" });
    return this.#signer ?? snapshot.provider;
  }
}

/** Makes a text that changes when the login becomes another account's, or its requests would go elsewhere. */
function ownerOf({ mode, account }: AuthSnapshot): string {
  return JSON.stringify([defaultBaseUrl(mode), account.accountId ?? null, account.userId ?? null]);
}

const signedOut = "nobody is signed in any more, so the request was not sent; sign in first";
const changed = "somebody else has signed in while the request was being prepared, so it was not sent";

function toAuthError(error: unknown): unknown {
  if (!isLoginError(error)) return error;
  return new AuthError(error.message, { kind: error.retryable ? "transient" : "build", cause: error });
}
