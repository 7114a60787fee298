import { isLoginError, LoginError, type LoginErrorKind } from "../login-error.js";
import type { LoginContext } from "../logins/login-context.js";
import type { AuthJson } from "../storage/auth-json.js";
import { exchangeForApiKey } from "./api-key-exchange.js";
import { authorizeUrl } from "./authorize-url.js";
import { chatgptLogin, completedChatgptLogin } from "./chatgpt-login.js";
import { type ExchangedTokens, exchangeCode } from "./code-exchange.js";
import type { CompletedLogin } from "./completed-login.js";
import { createPkceCodes, createState, isSameState, type PkceCodes, type RandomSource } from "./pkce.js";
import { saveLogin } from "./save-login.js";
import {
  deniedSignIn,
  missingCode,
  type SignInFailure,
  signInFailure,
  unsavedSignIn,
} from "./sign-in-failure.js";
import { successUrl } from "./success-url.js";

/** What one sign-in in the browser is made of. */
export interface AuthorizationAttemptOptions {
  readonly context: LoginContext;
  /** The port of the redirect URI. */
  readonly port: number;
  readonly originator: string;
  readonly isStreamlined: boolean;
  readonly random: RandomSource | undefined;
  /** Its reason is a {@link LoginError}. */
  readonly signal: AbortSignal;
}

/** What became of the callback. `ignored`: it belongs to another sign-in, or is forged. */
export type CallbackOutcome =
  | { readonly kind: "ignored" }
  | { readonly kind: "failed"; readonly failure: SignInFailure }
  | { readonly kind: "completed"; readonly login: CompletedLogin; readonly successUrl: string };

/** The path of the redirect URI. */
export const callbackPath = "/auth/callback";

/** One sign-in in the browser, from the address to open to the stored login. */
export class AuthorizationAttempt {
  /** Where a person approves. */
  readonly authorizeUrl: string;
  readonly #options: AuthorizationAttemptOptions;
  readonly #redirectUri: string;
  readonly #codes: PkceCodes;
  readonly #state: string;
  #outcome: Promise<CallbackOutcome> | undefined;

  constructor(options: AuthorizationAttemptOptions) {
    const { context, port, originator, random } = options;
    const { profile, policy } = context;
    this.#options = options;
    this.#redirectUri = `http://${profile.redirectHost}:${port}${callbackPath}`;
    this.#codes = createPkceCodes(random);
    this.#state = createState(random);
    this.authorizeUrl = authorizeUrl({
      profile,
      redirectUri: this.#redirectUri,
      codeChallenge: this.#codes.challenge,
      state: this.#state,
      originator,
      workspaceIds: policy.workspaces,
    });
  }

  /** What became of the callback; nothing until it has come. */
  get outcome(): Promise<CallbackOutcome> | undefined {
    return this.#outcome;
  }

  /** Takes the parameters that the browser brought back. The same callback twice is one callback. Never rejects. */
  async complete(query: URLSearchParams): Promise<CallbackOutcome> {
    if (!isSameState(last(query, "state") ?? "", this.#state)) return { kind: "ignored" };
    this.#outcome ??= this.#finish(query).catch(
      (error: unknown): CallbackOutcome => ({ kind: "failed", failure: this.#toFailure(error) }),
    );
    return await this.#outcome;
  }

  async #finish(query: URLSearchParams): Promise<CallbackOutcome> {
    const error = last(query, "error");
    if (error !== undefined) {
      return { kind: "failed", failure: deniedSignIn(error, last(query, "error_description")) };
    }
    const code = last(query, "code") ?? "";
    if (code === "") return { kind: "failed", failure: missingCode() };
    const tokens = await this.#exchange(code);
    const auth = await this.#toLogin(tokens);
    const failure = await this.#save(auth);
    if (failure !== undefined) return { kind: "failed", failure };
    const { context, port, isStreamlined } = this.#options;
    return {
      kind: "completed",
      login: completedChatgptLogin(auth, context.storage.location),
      successUrl: successUrl({ profile: context.profile, port, tokens, isStreamlined }),
    };
  }

  #exchange(code: string): Promise<ExchangedTokens> {
    const { context, signal } = this.#options;
    return exchangeCode({
      transport: context.transport,
      profile: context.profile,
      code,
      codeVerifier: this.#codes.verifier,
      redirectUri: this.#redirectUri,
      failure: "Token exchange failed",
      signal,
    });
  }

  async #toLogin(tokens: ExchangedTokens): Promise<AuthJson> {
    const { context, signal } = this.#options;
    const { policy, profile, transport, clock } = context;
    policy.checkWorkspaces([tokens.claims.accountId]);
    const apiKey = profile.requestsApiKey
      ? await exchangeForApiKey({ transport, profile, idToken: tokens.idToken, signal })
      : undefined;
    return chatgptLogin(tokens, apiKey, clock());
  }

  async #save(auth: AuthJson): Promise<SignInFailure | undefined> {
    const { context, signal } = this.#options;
    try {
      await saveLogin(context, auth, signal);
      return undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      return unsavedSignIn(toLoginError(error, "storage"));
    }
  }

  #toFailure(error: unknown): SignInFailure {
    const { signal } = this.#options;
    // The reason is ours, and says more than what the abort made fail.
    if (signal.aborted) return signInFailure(signal.reason as LoginError, "login_aborted");
    const known = toLoginError(error, "login_failed");
    return signInFailure(
      known,
      known.kind === "restricted" ? "workspace_restriction" : "token_exchange_failed",
    );
  }
}

// Neither the transport nor the storage need be ours.
function toLoginError(error: unknown, kind: LoginErrorKind): LoginError {
  if (isLoginError(error)) return error;
  return new LoginError("the sign-in failed unexpectedly", { kind, cause: error });
}

/** Of a parameter that is repeated, the last one counts. */
function last(query: URLSearchParams, name: string): string | undefined {
  return query.getAll(name).at(-1);
}
