import type { AccountIdentity, AgentIdentityTelemetry, AuthProvider } from "@codex-ts/auth-provider";
import type { Transport } from "@codex-ts/client";
import { isWorkspacePlan } from "@codex-ts/protocol";
import { AgentIdentityAuth } from "./agent-identity-auth.js";
import { type AgentIdentityRecord, recordFromJwt } from "./agent-identity-record.js";
import type { TaskRegistration } from "./agent-task.js";
import type { AgentIdentityEndpoints } from "./endpoints.js";
import { redactWhenPrinted } from "./private-key-redaction.js";

/** What opening an identity needs. */
export interface OpenAgentIdentityOptions {
  readonly transport: Transport;
  /** From {@link agentIdentityEndpoints}. There is no default, so that nothing registers with production by accident. */
  readonly endpoints: AgentIdentityEndpoints;
  /** As {@link AgentIdentityAuthOptions.onTaskRegistered}; opening fails if it fails. */
  readonly onTaskRegistered?: ((registration: TaskRegistration) => void | Promise<void>) | undefined;
  /** Epoch milliseconds. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An Agent Identity with a task, ready to sign. */
export interface AgentIdentity {
  /** Signs with the newest task, and recovers from one that the backend has forgotten. */
  readonly provider: AuthProvider;
  readonly account: AccountIdentity;
  /** The ids that telemetry may show, the newest at each reading. */
  readonly telemetry: AgentIdentityTelemetry;
  /** The record with the newest task. Holds the private key; prints without it. */
  readonly record: AgentIdentityRecord;
}

/**
 * Opens what `auth.json` holds of an Agent Identity: a record, or a token that is verified first. A record whose
 * task is absent or blank gets one registered, and a token always; nothing is stored.
 *
 * @throws {@link AgentIdentityError}: of a record, `invalid_key` before anything is sent; else as
 * {@link recordFromJwt} and {@link registerTask} do. The transport's error of kind `aborted` when `signal` fires.
 */
export async function openAgentIdentity(
  material: AgentIdentityRecord | string,
  options: OpenAgentIdentityOptions,
): Promise<AgentIdentity> {
  const { transport, endpoints, onTaskRegistered, clock, signal } = options;
  const record =
    typeof material === "string"
      ? await recordFromJwt(material, { transport, jwksUrl: endpoints.jwksUrl, clock, signal })
      : material;
  const provider = new AgentIdentityAuth(record, {
    transport,
    authApiBaseUrl: endpoints.authApiBaseUrl,
    onTaskRegistered,
    clock,
  });
  const firstTaskId = provider.task.id ?? (await provider.task.register(signal));
  const newestTaskId = (): string => provider.task.id ?? firstTaskId;
  return {
    provider,
    account: toAccount(record),
    get telemetry() {
      return { agentId: record.agent_runtime_id, taskId: newestTaskId() };
    },
    get record() {
      return redactWhenPrinted({ ...record, task_id: newestTaskId() });
    },
  };
}

function toAccount(record: AgentIdentityRecord): AccountIdentity {
  return {
    accountId: record.account_id,
    userId: record.chatgpt_user_id,
    ...(record.email === null || record.email === "" ? undefined : { email: record.email }),
    planType: record.plan_type,
    isFedramp: record.chatgpt_account_is_fedramp,
    isWorkspace: isWorkspacePlan(record.plan_type),
  };
}
