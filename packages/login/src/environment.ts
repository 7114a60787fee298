/** What this package takes from environment variables. Blank variables count as absent. */
export interface LoginEnvironment {
  /** `CODEX_HOME`, as it is. */
  readonly home?: string | undefined;
  /** `CODEX_API_KEY`, trimmed. Used only where the caller allows it. */
  readonly apiKey?: string | undefined;
  /** `CODEX_ACCESS_TOKEN`, trimmed: a personal access token or an Agent Identity JWT. */
  readonly accessToken?: string | undefined;
  /** `CODEX_REFRESH_TOKEN_URL_OVERRIDE`, as it is. */
  readonly tokenUrl?: string | undefined;
  /** `CODEX_REVOKE_TOKEN_URL_OVERRIDE`, as it is. */
  readonly revokeUrl?: string | undefined;
  /** `CODEX_APP_SERVER_LOGIN_CLIENT_ID`, as it is. */
  readonly clientId?: string | undefined;
  /** `CODEX_APP_SERVER_LOGIN_ISSUER`, as it is. */
  readonly issuer?: string | undefined;
  /** `CODEX_AUTHAPI_BASE_URL`, trimmed and without slashes at the end. */
  readonly authApiBaseUrl?: string | undefined;
  /** `CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL`, as it is. */
  readonly agentIdentityAuthApiBaseUrl?: string | undefined;
  /** `CODEX_AGENT_IDENTITY_JWKS_BASE_URL`, as it is. */
  readonly agentIdentityJwksBaseUrl?: string | undefined;
}

/** Environment variables by name. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables that this package knows. It is the only function here that looks at `process.env`, and
 * every option named `environment` takes its result in place of a new reading; `{}` ignores the environment.
 *
 * @param variables - By default those of this process.
 */
export function readLoginEnvironment(variables: EnvironmentVariables = process.env): LoginEnvironment {
  const raw = (name: string): string | undefined => {
    const value = variables[name];
    return value === undefined || value.trim() === "" ? undefined : value;
  };
  return {
    home: raw("CODEX_HOME"),
    apiKey: raw("CODEX_API_KEY")?.trim(),
    accessToken: raw("CODEX_ACCESS_TOKEN")?.trim(),
    tokenUrl: raw("CODEX_REFRESH_TOKEN_URL_OVERRIDE"),
    revokeUrl: raw("CODEX_REVOKE_TOKEN_URL_OVERRIDE"),
    clientId: raw("CODEX_APP_SERVER_LOGIN_CLIENT_ID"),
    issuer: raw("CODEX_APP_SERVER_LOGIN_ISSUER"),
    authApiBaseUrl: raw("CODEX_AUTHAPI_BASE_URL")?.trim().replace(/\/+$/, "") || undefined,
    agentIdentityAuthApiBaseUrl: raw("CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL"),
    agentIdentityJwksBaseUrl: raw("CODEX_AGENT_IDENTITY_JWKS_BASE_URL"),
  };
}

/** What {@link authEnvironmentTelemetry} looks at beside the known variables. */
export interface AuthEnvironmentTelemetryOptions {
  /** The variable that a provider reads its key from. */
  readonly providerEnvKey?: string | undefined;
  /** Whether `CODEX_API_KEY` counts. @defaultValue false */
  readonly allowApiKeyEnvironment?: boolean | undefined;
}

/** Which credentials an environment holds, under the names of the reference's telemetry. */
export interface AuthEnvironmentTelemetry {
  readonly openai_api_key_env_present: boolean;
  readonly codex_api_key_env_present: boolean;
  readonly codex_api_key_env_enabled: boolean;
  /** Never the name itself: somebody may have put the key in its place. */
  readonly provider_env_key_name: "configured" | undefined;
  readonly provider_env_key_present: boolean | undefined;
  readonly refresh_token_url_override_present: boolean;
}

/** Describes an environment for telemetry: what is set and not blank, and nothing of it. */
export function authEnvironmentTelemetry(
  variables: EnvironmentVariables,
  { providerEnvKey, allowApiKeyEnvironment = false }: AuthEnvironmentTelemetryOptions = {},
): AuthEnvironmentTelemetry {
  const isPresent = (name: string): boolean => (variables[name]?.trim() ?? "") !== "";
  return {
    openai_api_key_env_present: isPresent("OPENAI_API_KEY"),
    codex_api_key_env_present: isPresent("CODEX_API_KEY"),
    codex_api_key_env_enabled: allowApiKeyEnvironment,
    provider_env_key_name: providerEnvKey === undefined ? undefined : "configured",
    provider_env_key_present: providerEnvKey === undefined ? undefined : isPresent(providerEnvKey),
    refresh_token_url_override_present: isPresent("CODEX_REFRESH_TOKEN_URL_OVERRIDE"),
  };
}
