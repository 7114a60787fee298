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
