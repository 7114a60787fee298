/** A token that somebody else takes care of. */
export interface ExternalTokens {
  readonly accessToken: string;
  /** The ChatGPT account that the token is for. Needed in mode `chatgpt`. */
  readonly accountId?: string | undefined;
  /** Plan as the host knows it, in any case. @defaultValue the claim of the token */
  readonly planType?: string | null | undefined;
}

/** Why a host is asked for other tokens. */
export interface ExternalRefreshRequest {
  readonly reason: "unauthorized";
  /** The account of the tokens that were refused. */
  readonly previousAccountId?: string | undefined;
  /** Fires when the manager does not wait any longer. */
  readonly signal: AbortSignal;
}

/**
 * A source of tokens outside of this package: a command, a vault, a host application. Its refresh is single-flight
 * already when it is asked.
 */
export interface ExternalAuth {
  /** `apikey`: a bearer token without an account, in place of any stored login. `chatgpt`: a ChatGPT access token. */
  readonly mode: "apikey" | "chatgpt";
  /**
   * Gives the token to use now. Asked before each request, so it should keep one. Only in mode `apikey`.
   *
   * @returns Nothing when the source has none and the stored login is to be used.
   */
  resolve?(): Promise<ExternalTokens | undefined>;
  /** Gives another token after a 401. */
  refresh(request: ExternalRefreshRequest): Promise<ExternalTokens>;
}
