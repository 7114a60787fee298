import type { AuthJson } from "../storage/auth-json.js";
import { parseIdToken } from "../tokens/id-token.js";
import { type LoginOptions, withLoginContext } from "./login-context.js";

/**
 * Stores a login in the place of whatever was stored before: nothing of the old one stays. A refresh of the old one
 * that is still under way does not bring it back.
 *
 * @throws {@link LoginError} of kind `storage`, `lock_timeout` or `configuration`; then the old login is still there.
 */
export function saveLogin(auth: AuthJson, options: LoginOptions = {}): Promise<void> {
  return withLoginContext(options, ({ storage, locked }) => locked(() => storage.save(auth)));
}

/** The tokens that a sign-in with ChatGPT gave. */
export interface ChatgptTokens {
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** A platform API key that was made along the way. */
  readonly apiKey?: string | undefined;
}

/**
 * Stores the outcome of a sign-in with ChatGPT. The account is that of the id token.
 *
 * @returns What was stored.
 * @throws {@link LoginError} of kind `invalid_token`, `restricted` when method or workspace is not an allowed one, and
 * as {@link saveLogin}. Nothing is stored then.
 */
export function saveChatgptLogin(tokens: ChatgptTokens, options: LoginOptions = {}): Promise<AuthJson> {
  return withLoginContext(options, async ({ policy, storage, locked, clock }) => {
    policy.checkNewLogin("chatgpt");
    const { accountId } = parseIdToken(tokens.idToken);
    policy.checkWorkspaces([accountId]);
    const auth: AuthJson = {
      auth_mode: "chatgpt",
      OPENAI_API_KEY: tokens.apiKey ?? null,
      tokens: {
        id_token: tokens.idToken,
        access_token: tokens.accessToken,
        refresh_token: tokens.refreshToken,
        account_id: accountId ?? null,
      },
      last_refresh: new Date(clock()).toISOString(),
    };
    await locked(() => storage.save(auth));
    return auth;
  });
}
