import { isTransportError, type Transport, type TransportResponse } from "@codex-ts/client";
import { agentIdentityJwksUrl } from "./endpoints.js";
import { AgentIdentityError } from "./errors.js";
import { asObject, parseJsonObject } from "./json-object.js";

const timeoutMs = 10_000;
const maxBytes = 1024 * 1024;

/** One published key (RFC 7517). Only RSA keys are used; others are skipped, not refused. */
export interface AgentIdentityJwk {
  readonly kty?: unknown;
  readonly kid?: unknown;
  readonly n?: unknown;
  readonly e?: unknown;
}

/** A set of published keys. */
export interface AgentIdentityJwks {
  readonly keys: readonly AgentIdentityJwk[];
}

/** Where the keys are fetched from. */
export interface FetchJwksOptions {
  readonly transport: Transport;
  /** From {@link agentIdentityEndpoints}. Wins over `chatgptBaseUrl`. */
  readonly jwksUrl?: string | undefined;
  /** The ChatGPT base URL to derive the address from. @defaultValue that of production */
  readonly chatgptBaseUrl?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches the keys that sign Agent Identity tokens: one attempt of 10 s, nothing is cached.
 *
 * @throws {@link AgentIdentityError} of kind `jwks`, and the transport's own error of kind `aborted` when `signal`
 * fires.
 */
export async function fetchJwks(options: FetchJwksOptions): Promise<AgentIdentityJwks> {
  const { transport, chatgptBaseUrl, jwksUrl = agentIdentityJwksUrl(chatgptBaseUrl), signal } = options;
  let response: TransportResponse;
  try {
    response = await transport.execute({ method: "GET", url: jwksUrl, timeoutMs }, { signal });
  } catch (error) {
    if (!isTransportError(error) || error.kind === "aborted") throw error;
    throw error.kind === "http"
      ? jwksError("agent identity JWKS endpoint returned an error", error, error.status)
      : jwksError("failed to request agent identity JWKS", error);
  }
  const jwks = response.body.length > maxBytes ? undefined : parseJwks(response.text());
  if (jwks === undefined) throw jwksError("failed to decode agent identity JWKS");
  return jwks;
}

function parseJwks(text: string): AgentIdentityJwks | undefined {
  const keys = parseJsonObject(text)?.["keys"];
  if (!Array.isArray(keys) || !keys.every((key) => asObject(key) !== undefined)) return undefined;
  return { keys };
}

function jwksError(message: string, cause?: unknown, status?: number): AgentIdentityError {
  const retryable = cause !== undefined && (status === undefined || status === 429 || status >= 500);
  return new AgentIdentityError(message, { kind: "jwks", retryable, status, cause });
}
