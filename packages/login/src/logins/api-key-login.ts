import type { CompletedLogin } from "../flows/completed-login.js";
import { runSignIn, type SignInOptions } from "../flows/run-sign-in.js";
import { saveLogin } from "../flows/save-login.js";
import { LoginError } from "../login-error.js";

/**
 * Stores an API key as the login.
 *
 * @returns What was stored.
 * @throws {@link LoginError} of kind `restricted` when only ChatGPT logins are allowed, `invalid_token` for a key that
 * is empty or cannot be one, `storage`, `lock_timeout`, `configuration` or `aborted`. Nothing is stored then.
 */
export function loginWithApiKey(apiKey: string, options: SignInOptions = {}): Promise<CompletedLogin> {
  return runSignIn(options, async (context, signal) => {
    context.policy.checkNewLogin("apikey");
    const key = readKey(apiKey, "API key");
    await saveLogin(context, { auth_mode: "apikey", OPENAI_API_KEY: key }, signal);
    return { mode: "apikey", account: noAccount, hasApiKey: true, location: context.storage.location };
  });
}

/** A key for Amazon Bedrock and the region it is used in. */
export interface BedrockApiKey {
  readonly apiKey: string;
  readonly region: string;
}

/**
 * Stores an Amazon Bedrock key as the login.
 *
 * @returns What was stored.
 * @throws {@link LoginError} as {@link loginWithApiKey}.
 */
export function loginWithBedrockApiKey(
  { apiKey, region }: BedrockApiKey,
  options: SignInOptions = {},
): Promise<CompletedLogin> {
  return runSignIn(options, async (context, signal) => {
    context.policy.checkNewLogin("bedrockApiKey");
    const key = { api_key: readKey(apiKey, "Bedrock API key"), region: readKey(region, "region") };
    const auth = { auth_mode: "bedrockApiKey", OPENAI_API_KEY: null, bedrock_api_key: key } as const;
    await saveLogin(context, auth, signal);
    return { mode: "bedrockApiKey", account: noAccount, hasApiKey: true, location: context.storage.location };
  });
}

const noAccount = Object.freeze({ isFedramp: false, isWorkspace: false });

/** Drops white space around it. What is left must fit into a header, or a slip of the clipboard would be stored. */
function readKey(value: string, name: string): string {
  const key = value.trim();
  if (key === "") throw new LoginError(`the ${name} is empty`, { kind: "invalid_token" });
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new LoginError(`the ${name} holds white space or other characters that no key has; paste it again`, {
    kind: "invalid_token",
  });
}
