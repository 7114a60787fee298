import type { IncomingHttpHeaders } from "node:http";
import { checkAgentAssertion } from "./agent-assertion-check.js";
import type { AgentRegistry } from "./agent-registry.js";
import type { AuthFailureCode, AuthVerdict } from "./auth-verdict.js";

/** A ChatGPT access token that the backend accepts. */
export interface BearerToken {
  readonly token: string;
  /** When given, requests with this token must carry it as `ChatGPT-Account-ID`. */
  readonly accountId?: string | undefined;
}

/** What credentials are checked against. */
export interface CredentialRules {
  readonly apiKeys: readonly string[];
  readonly bearerTokens: readonly BearerToken[];
  readonly agents: AgentRegistry;
  /** The backend's time, epoch milliseconds. */
  readonly now: () => number;
  readonly maxClockSkewMs: number;
}

/** Judges the credential of a request by its headers alone. */
export function checkCredential(headers: IncomingHttpHeaders, rules: CredentialRules): AuthVerdict {
  const { authorization } = headers;
  if (authorization === undefined) return { kind: "none" };
  const [, scheme = "", value = ""] = /^(\S+) (.*)$/.exec(authorization) ?? [];
  if (scheme === "AgentAssertion") return checkAgentAssertion(value, headers, rules);
  if (scheme.toLowerCase() === "bearer") return checkBearer(value, headers, rules);
  return refused("invalid_authorization", "Authorization is neither Bearer nor AgentAssertion");
}

function checkBearer(token: string, headers: IncomingHttpHeaders, rules: CredentialRules): AuthVerdict {
  if (rules.apiKeys.includes(token)) return { kind: "bearer", credential: "apiKey", accountId: null };
  const known = rules.bearerTokens.find((candidate) => candidate.token === token);
  if (known === undefined) {
    return token.startsWith("sk-")
      ? refused("invalid_api_key", "Incorrect API key provided")
      : refused("invalid_token", "The access token is not known to this backend");
  }
  const { accountId = null } = known;
  const named = headers["chatgpt-account-id"];
  if (accountId !== null && named !== undefined && named !== accountId) {
    return refused("account_mismatch", "ChatGPT-Account-ID is not the account of the access token");
  }
  return { kind: "bearer", credential: "token", accountId };
}

function refused(code: AuthFailureCode, message: string): AuthVerdict {
  return { kind: "invalid", code, message };
}
