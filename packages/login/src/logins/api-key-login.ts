import { LoginError } from "../login-error.js";
import { type LoginOptions, withLoginContext } from "./login-context.js";

/**
 * Stores an API key as the login.
 *
 * @throws {@link LoginError} of kind `restricted` when only ChatGPT logins are allowed, `invalid_token` for an empty
 * key, `storage`, `lock_timeout` or `configuration`. Nothing is stored then.
 */
export function loginWithApiKey(apiKey: string, options: LoginOptions = {}): Promise<void> {
  return withLoginContext(options, async ({ policy, storage, locked }) => {
    policy.checkNewLogin("apikey");
    const key = present(apiKey, "API key");
    await locked(() => storage.save({ auth_mode: "apikey", OPENAI_API_KEY: key }));
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
 * @throws {@link LoginError} as {@link loginWithApiKey}.
 */
export function loginWithBedrockApiKey(
  { apiKey, region }: BedrockApiKey,
  options: LoginOptions = {},
): Promise<void> {
  return withLoginContext(options, async ({ policy, storage, locked }) => {
    policy.checkNewLogin("bedrockApiKey");
    const key = { api_key: present(apiKey, "Bedrock API key"), region: present(region, "region") };
    await locked(() =>
      storage.save({ auth_mode: "bedrockApiKey", OPENAI_API_KEY: null, bedrock_api_key: key }),
    );
  });
}

function present(value: string, name: string): string {
  const trimmed = value.trim();
  if (trimmed !== "") return trimmed;
  throw new LoginError(`the ${name} is empty`, { kind: "invalid_token" });
}
