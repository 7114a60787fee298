import { type AuthProvider, applyAuth } from "@codex-ts/auth-provider";
import type { Secret, Transport, TransportResponse } from "@codex-ts/client";
import type { AgentBillOfMaterials } from "./agent-bill-of-materials.js";
import type { AgentKey } from "./agent-key.js";
import { assertHeaderValue, headerNames } from "./auth-headers.js";
import { agentRegistrationUrl } from "./endpoints.js";
import { AgentIdentityError } from "./errors.js";
import { parseJsonObject } from "./json-object.js";
import { registrationFailure, retryRegistration } from "./registration.js";

const timeoutMs = 15_000;

/** What an agent registration needs. */
export interface RegisterAgentOptions {
  readonly transport: Transport;
  /** From {@link agentIdentityEndpoints}. */
  readonly authApiBaseUrl: string;
  /** The agent's key. Only its public half is sent, and the same one with every attempt. */
  readonly key: AgentKey;
  /** The user who vouches for the agent: a ChatGPT access token, or the provider that sends it. */
  readonly auth: AuthProvider | Secret;
  /**
   * Adds the FedRAMP header. A provider in `auth` that adds it by itself needs no help.
   *
   * @defaultValue false
   */
  readonly isFedramp?: boolean | undefined;
  /** From {@link agentBillOfMaterials}. */
  readonly abom: AgentBillOfMaterials;
  /** @defaultValue ["responsesapi"] */
  readonly capabilities?: readonly string[] | undefined;
  /** Epoch milliseconds, to tell when the clock is why the server refused. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An agent that the backend knows. */
export interface RegisteredAgent {
  readonly agentRuntimeId: string;
}

/**
 * Registers an agent for a user: the backend learns the public key and issues a runtime id.
 *
 * Three attempts of 15 s each for 429, 5xx and a server that cannot be reached; any other failure is final at
 * once. The request carries no `ChatGPT-Account-ID`, even if the provider would add one.
 *
 * @throws {@link AgentIdentityError} of kind `agent_registration`, and the transport's own error of kind
 * `aborted` when `signal` fires.
 */
export function registerAgent(options: RegisterAgentOptions): Promise<RegisteredAgent> {
  return retryRegistration("agent identity registration", () => attempt(options));
}

async function attempt(options: RegisterAgentOptions): Promise<RegisteredAgent> {
  const { transport, authApiBaseUrl, key, clock = Date.now, signal } = options;
  const url = agentRegistrationUrl(authApiBaseUrl);
  const texts = {
    unreachable: `failed to send agent identity registration request to ${url}`,
    refused: () => `agent identity registration failed for ${url}`,
    unreadable: `failed to parse agent identity response from ${url}`,
  };
  const body = {
    json: {
      abom: options.abom,
      agent_public_key: key.sshPublicKey,
      capabilities: options.capabilities ?? ["responsesapi"],
      ttl: null,
    },
  };
  const auth = registrationAuth(options);
  let response: TransportResponse;
  try {
    response = await transport.execute({ method: "POST", url, body, timeoutMs }, { auth, signal });
  } catch (error) {
    throw registrationFailure(error, "agent_registration", texts, clock());
  }
  const agentRuntimeId = parseJsonObject(response.text())?.["agent_runtime_id"];
  if (typeof agentRuntimeId === "string") return { agentRuntimeId };
  throw new AgentIdentityError(texts.unreadable, { kind: "agent_registration" });
}

function registrationAuth({ auth, isFedramp = false }: RegisterAgentOptions): AuthProvider {
  const user = "reveal" in auth ? bearer(auth) : auth;
  const adjust = (headers: Headers): void => {
    headers.delete(headerNames.accountId);
    if (isFedramp) headers.set(headerNames.fedramp, "true");
  };
  const { recover } = user;
  return {
    addAuthHeaders(headers) {
      user.addAuthHeaders(headers);
      adjust(headers);
    },
    async applyAuth(request) {
      const signed = await applyAuth(user, request);
      adjust(signed.headers);
      return signed;
    },
    ...(recover === undefined ? undefined : { recover: (rejection) => recover.call(user, rejection) }),
  };
}

function bearer(token: Secret): AuthProvider {
  return {
    addAuthHeaders(headers) {
      const value = `Bearer ${token.reveal()}`;
      assertHeaderValue(headerNames.authorization, value);
      headers.set(headerNames.authorization, value);
    },
  };
}
