import type { Secret } from "@codex-ts/client";
import type { ExternalAuth } from "@codex-ts/login";
import type { ProviderHeaders } from "./provider-headers.js";

/** One model provider with its defaults filled in: where it is, and how requests to it are signed. */
export interface ModelProvider {
  /** What the configuration calls it, such as `openai`. */
  readonly id: string;
  /** Display name. `OpenAI`, `Amazon Bedrock` and `azure` (in any case) change how it is talked to. */
  readonly name: string;
  /** Left out, it follows the login: see {@link toApiProvider}. */
  readonly baseUrl?: string | undefined;
  /** Environment variable that holds its API key. */
  readonly envKey?: string | undefined;
  /** Appended to the error that says that the variable is missing. */
  readonly envKeyInstructions?: string | undefined;
  /** A literal bearer token. */
  readonly bearerToken?: Secret | undefined;
  /** Gives its bearer token, usually by running a command: see `createTokenCommand` of `@codex-ts/login`. */
  readonly tokenCommand?: ExternalAuth | undefined;
  /** Amazon Bedrock: where its AWS credentials are. */
  readonly aws?: AwsSettings | undefined;
  /** Appended to every URL, exactly as written. */
  readonly queryParams?: Readonly<Record<string, string>> | undefined;
  /** Sent on every request. Prints without its values. */
  readonly headers: ProviderHeaders;
  /** Retries of one HTTP request after the first attempt, at most 100. @defaultValue 4 */
  readonly requestMaxRetries: number;
  /** Retries of a whole stream, at most 100. @defaultValue 5 */
  readonly streamMaxRetries: number;
  /** Longest silence on a stream, in milliseconds. @defaultValue 300_000 */
  readonly streamIdleTimeoutMs: number;
  /** Limit for opening a WebSocket, in milliseconds. @defaultValue 15_000 */
  readonly websocketConnectTimeoutMs: number;
  /** Whether it is to get the user's login. Nothing else gets it there. */
  readonly requiresOpenaiAuth: boolean;
  /** Whether it speaks Responses over WebSocket. */
  readonly supportsWebsockets: boolean;
}

/** What the table `aws` of a provider says. */
export interface AwsSettings {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}
