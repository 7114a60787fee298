import type { AuthMode } from "@codex-ts/protocol";

/** The tokens of a ChatGPT login as stored. */
export interface StoredTokens {
  readonly id_token: string;
  readonly access_token: string;
  /** May be empty: then these tokens cannot be refreshed. */
  readonly refresh_token: string;
  readonly account_id?: string | null | undefined;
  readonly [unknownMember: string]: unknown;
}

/** A key for Amazon Bedrock as stored. */
export interface StoredBedrockApiKey {
  readonly api_key: string;
  readonly region: string;
  readonly [unknownMember: string]: unknown;
}

/**
 * The content of auth.json, or of the keyring entry that stands in for it, in the names of the wire.
 *
 * Members that this version does not know are kept, at every level and in their place, whenever a stored login is
 * changed. `null` reads as absent.
 */
export interface AuthJson {
  readonly auth_mode?: AuthMode | null | undefined;
  readonly OPENAI_API_KEY?: string | null | undefined;
  readonly tokens?: StoredTokens | null | undefined;
  /** When the tokens were issued: RFC 3339. */
  readonly last_refresh?: string | null | undefined;
  /** A JWT, or a record; see `parseAgentIdentityRecord` of `@codex-ts/agent-identity`. */
  readonly agent_identity?: string | Readonly<Record<string, unknown>> | null | undefined;
  readonly personal_access_token?: string | null | undefined;
  readonly bedrock_api_key?: StoredBedrockApiKey | null | undefined;
  readonly [unknownMember: string]: unknown;
}

/** Tells which mode a stored login is of: the explicit one, else by what it holds. */
export function storedAuthMode(auth: AuthJson): AuthMode {
  if (isPresent(auth.auth_mode)) return auth.auth_mode;
  if (isPresent(auth.personal_access_token)) return "personalAccessToken";
  if (isPresent(auth.bedrock_api_key)) return "bedrockApiKey";
  return isPresent(auth.OPENAI_API_KEY) ? "apikey" : "chatgpt";
}

function isPresent<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}
