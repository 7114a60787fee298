/** A table `[model_providers.<id>]` of the configuration, under the names of the file. */
export interface ModelProviderTable {
  readonly name: string;
  readonly base_url?: string | undefined;
  /** Environment variable that holds an API key. */
  readonly env_key?: string | undefined;
  readonly env_key_instructions?: string | undefined;
  readonly experimental_bearer_token?: string | undefined;
  readonly auth?: TokenCommandTable | undefined;
  readonly aws?: AwsTable | undefined;
  readonly wire_api: "responses";
  readonly query_params?: Readonly<Record<string, string>> | undefined;
  readonly http_headers?: Readonly<Record<string, string>> | undefined;
  /** Header to the name of the environment variable that holds its value. */
  readonly env_http_headers?: Readonly<Record<string, string>> | undefined;
  readonly request_max_retries?: number | undefined;
  readonly stream_max_retries?: number | undefined;
  readonly stream_idle_timeout_ms?: number | undefined;
  readonly websocket_connect_timeout_ms?: number | undefined;
  readonly requires_openai_auth: boolean;
  readonly supports_websockets: boolean;
}

/** Its table `auth`: a command that prints a bearer token. */
export interface TokenCommandTable {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeout_ms: number;
  /** 0: only after a token was refused. */
  readonly refresh_interval_ms: number;
  readonly cwd: string;
}

/** Its table `aws`. */
export interface AwsTable {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}
