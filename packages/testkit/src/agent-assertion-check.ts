import type { IncomingHttpHeaders } from "node:http";
import type { AuthFailureCode, AuthVerdict } from "./auth-verdict.js";
import type { CredentialRules } from "./credential-check.js";
import { isSignedBy } from "./ed25519.js";
import { parseSignedTimestamp } from "./timestamp.js";

interface Envelope {
  readonly agent_runtime_id: string;
  readonly signature: string;
  readonly task_id: string;
  readonly timestamp: string;
}

/**
 * Judges what follows `AgentAssertion `. The order is from form to substance, and the signature comes before the
 * task, so that `invalid_task_id` always means: a genuine agent whose task is not, or no longer, known.
 */
export function checkAgentAssertion(
  assertion: string,
  headers: IncomingHttpHeaders,
  { agents, now, maxClockSkewMs }: CredentialRules,
): AuthVerdict {
  const json = decodeBase64url(assertion);
  if (json === undefined) {
    return refused("assertion_not_base64url", "The assertion is not base64url without padding");
  }
  const envelope = parseEnvelope(json);
  if (envelope === undefined) {
    return refused(
      "assertion_not_canonical",
      "The assertion is not compact JSON of four sorted string members",
    );
  }
  const { agent_runtime_id: agentRuntimeId, task_id: taskId, timestamp, signature } = envelope;
  const signedAt = parseSignedTimestamp(timestamp);
  if (signedAt === undefined) {
    return refused("invalid_timestamp", "The timestamp is not RFC 3339 in whole seconds and UTC");
  }
  const agent = agents.find(agentRuntimeId);
  if (agent === undefined) return refused("unknown_agent", "The agent runtime id is not known");
  if (!isSignedBy(agent.publicKey, `${agentRuntimeId}:${taskId}:${timestamp}`, signature)) {
    return refused("invalid_signature", "The signature does not match the agent's key");
  }
  if (Math.abs(now() - signedAt) > maxClockSkewMs) {
    return refused("timestamp_out_of_range", "The timestamp is too far from the backend's clock");
  }
  if (!agents.ownsTask(agent, taskId)) return refused("invalid_task_id", "Invalid task id");
  if (headers["chatgpt-account-id"] !== agent.accountId) {
    return refused("account_mismatch", "ChatGPT-Account-ID is not the agent's account");
  }
  if (headers["x-openai-fedramp"] !== (agent.isFedramp ? "true" : undefined)) {
    return refused(
      "fedramp_mismatch",
      "X-OpenAI-Fedramp must be `true` for FedRAMP accounts and absent for others",
    );
  }
  return { kind: "agentAssertion", agentRuntimeId, taskId, timestamp };
}

function decodeBase64url(text: string): string | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.length > 0 && bytes.toString("base64url") === text ? bytes.toString("utf8") : undefined;
}

function parseEnvelope(json: string): Envelope | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { agent_runtime_id, signature, task_id, timestamp } = value as Record<keyof Envelope, unknown>;
  const envelope = { agent_runtime_id, signature, task_id, timestamp };
  if (!Object.values(envelope).every((member) => typeof member === "string")) return undefined;
  // Written again in sorted order it must be the same text: no other member, no other order, no white space.
  return JSON.stringify(envelope) === json ? (envelope as Envelope) : undefined;
}

function refused(code: AuthFailureCode, message: string): AuthVerdict {
  return { kind: "invalid", code, message };
}
