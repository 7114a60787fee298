import { AgentIdentityError } from "./errors.js";

/** Which backend an Agent Identity belongs to. `custom` takes both overrides. */
export type AgentIdentityEnvironment = "custom" | "production" | "staging";

/** Where an Agent Identity registers and verifies. */
export interface AgentIdentityEndpoints {
  readonly environment: AgentIdentityEnvironment;
  /** Base URL of the service that registers agents and tasks, without a slash at the end. */
  readonly authApiBaseUrl: string;
  /** Where the keys that sign Agent Identity tokens are published. */
  readonly jwksUrl: string;
}

/** Replacements for the base URLs. Blank ones count as absent; white space and slashes at the end are dropped. */
export interface AgentIdentityEndpointOverrides {
  readonly authApiBaseUrl?: string | undefined;
  readonly jwksBaseUrl?: string | undefined;
}

const authApiBaseUrls = {
  production: "https://auth.openai.com/api/accounts",
  staging: "https://auth.api.openai.org/api/accounts",
} as const;

const defaultChatgptBaseUrl = "https://chatgpt.com/backend-api";

const environmentByOrigin = {
  "https://chatgpt.com": "production",
  "https://chat.openai.com": "production",
  "https://chatgpt-staging.com": "staging",
} as const;

// Compared whole: a prefix match would take https://chatgpt.com.evil.example for ours.
const environmentByBaseUrl: ReadonlyMap<string, "production" | "staging"> = new Map(
  Object.entries(environmentByOrigin).flatMap(([origin, environment]) =>
    ["", "/backend-api", "/codex", "/backend-api/codex"].map((path): [string, "production" | "staging"] => [
      `${origin}${path}`,
      environment,
    ]),
  ),
);

/**
 * Works out where an Agent Identity registers and verifies.
 *
 * Overrides do not widen what is accepted: the ChatGPT base URL must still be a known one. A custom one is taken
 * when it equals the JWKS override and the AuthAPI override is given as well.
 *
 * @param chatgptBaseUrl - As configured; absent means production.
 * @throws {@link AgentIdentityError} of kind `unsupported_environment`.
 */
export function agentIdentityEndpoints(
  chatgptBaseUrl?: string | undefined,
  overrides: AgentIdentityEndpointOverrides = {},
): AgentIdentityEndpoints {
  const base = withoutTrailingSlashes(chatgptBaseUrl ?? defaultChatgptBaseUrl);
  const authApiOverride = toOverride(overrides.authApiBaseUrl);
  const jwksOverride = toOverride(overrides.jwksBaseUrl);
  const environment = environmentByBaseUrl.get(base);
  if (environment !== undefined) {
    return {
      environment,
      authApiBaseUrl: authApiOverride ?? authApiBaseUrls[environment],
      jwksUrl: agentIdentityJwksUrl(jwksOverride ?? base),
    };
  }
  if (authApiOverride !== undefined && jwksOverride === base) {
    return {
      environment: "custom",
      authApiBaseUrl: authApiOverride,
      jwksUrl: agentIdentityJwksUrl(jwksOverride),
    };
  }
  throw new AgentIdentityError("Agent Identity only supports production and staging ChatGPT environments", {
    kind: "unsupported_environment",
  });
}

/**
 * The same with the overrides of the environment: `CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL` and
 * `CODEX_AGENT_IDENTITY_JWKS_BASE_URL`. The only function of this package that reads environment variables.
 *
 * @param env - The variables, by default those of this process.
 * @param chatgptBaseUrl - As configured; absent means production.
 * @throws {@link AgentIdentityError} of kind `unsupported_environment`.
 */
export function agentIdentityEndpointsFromEnv(
  env: Readonly<Record<string, string | undefined>> = process.env,
  chatgptBaseUrl?: string | undefined,
): AgentIdentityEndpoints {
  return agentIdentityEndpoints(chatgptBaseUrl, {
    authApiBaseUrl: env["CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL"],
    jwksBaseUrl: env["CODEX_AGENT_IDENTITY_JWKS_BASE_URL"],
  });
}

/** The key set's URL under a ChatGPT base URL, whichever that is; absent means production. */
export function agentIdentityJwksUrl(chatgptBaseUrl?: string | undefined): string {
  const base = withoutTrailingSlashes(chatgptBaseUrl ?? defaultChatgptBaseUrl);
  return base.includes("/backend-api")
    ? `${base}/wham/agent-identities/jwks`
    : `${base}/agent-identities/jwks`;
}

/** Where agents are registered. */
export function agentRegistrationUrl(authApiBaseUrl: string): string {
  return `${withoutTrailingSlashes(authApiBaseUrl)}/v1/agent/register`;
}

/**
 * Where tasks of an agent are registered. The id is percent-encoded, so that one with a slash or a question mark
 * cannot lead elsewhere; ids of letters, digits, `-`, `_`, `.` and `~` stay as they are.
 *
 * @throws {@link AgentIdentityError} of kind `invalid_record` for an id that cannot be a part of a path.
 */
export function taskRegistrationUrl(authApiBaseUrl: string, agentRuntimeId: string): string {
  return `${withoutTrailingSlashes(authApiBaseUrl)}/v1/agent/${pathSegment(agentRuntimeId)}/task/register`;
}

function pathSegment(id: string): string {
  // A URL parser takes dot segments for steps upwards even when they are percent-encoded.
  if (id !== "" && id !== "." && id !== "..") {
    try {
      return encodeURIComponent(id);
    } catch {
      // Not well-formed Unicode.
    }
  }
  throw new AgentIdentityError("the agent runtime id cannot be a part of a URL", { kind: "invalid_record" });
}

function toOverride(text: string | undefined): string | undefined {
  const url = withoutTrailingSlashes(text?.trim() ?? "");
  return url === "" ? undefined : url;
}

function withoutTrailingSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}
