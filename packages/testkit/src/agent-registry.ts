import { randomUUID } from "node:crypto";
import type { AgentRecord } from "./agent-record.js";
import { generateAgentKeyPair, parsePrivateKey } from "./ed25519.js";

/** What the backend knows about one agent: the public half. */
export interface KnownAgent {
  readonly agentRuntimeId: string;
  readonly publicKey: Buffer;
  readonly accountId: string;
  readonly isFedramp: boolean;
}

/** Facts of an agent that registers itself. */
export interface AgentRegistration {
  readonly publicKey: Buffer;
  readonly accountId: string;
  readonly isFedramp: boolean;
}

/** The agents and tasks that the backend has issued ids for. */
export class AgentRegistry {
  readonly #agents = new Map<string, KnownAgent>();
  readonly #records = new Map<string, AgentRecord>();
  /** Task id to the runtime id that it was issued to. */
  readonly #tasks = new Map<string, string>();

  find(agentRuntimeId: string): KnownAgent | undefined {
    return this.#agents.get(agentRuntimeId);
  }

  /** Takes an agent in and issues its runtime id. */
  add({ publicKey, accountId, isFedramp }: AgentRegistration): KnownAgent {
    return this.#put({ agentRuntimeId: `agent-${randomUUID()}`, publicKey, accountId, isFedramp });
  }

  /** Makes a complete identity, known from then on; a `task_id` of null leaves the task to be registered. */
  create(overrides: Partial<AgentRecord> = {}): AgentRecord {
    const given = overrides.agent_private_key;
    const keyPair = given === undefined ? generateAgentKeyPair() : parsePrivateKey(given);
    const record: AgentRecord = {
      agent_runtime_id: `agent-${randomUUID()}`,
      agent_private_key: keyPair.privateKeyPkcs8,
      account_id: "account-test",
      chatgpt_user_id: "user-test",
      email: "agent@example.com",
      plan_type: "pro",
      chatgpt_account_is_fedramp: false,
      task_id: `task-${randomUUID()}`,
      ...overrides,
    };
    this.#put({
      agentRuntimeId: record.agent_runtime_id,
      publicKey: keyPair.publicKey,
      accountId: record.account_id,
      isFedramp: record.chatgpt_account_is_fedramp,
    });
    this.#records.set(record.agent_runtime_id, record);
    if (record.task_id !== null) this.#tasks.set(record.task_id, record.agent_runtime_id);
    return record;
  }

  /** The complete identity of an agent that {@link AgentRegistry.create} made. */
  recordOf(agentRuntimeId: string): AgentRecord | undefined {
    return this.#records.get(agentRuntimeId);
  }

  issueTask(agent: KnownAgent): string {
    const taskId = `task-${randomUUID()}`;
    this.#tasks.set(taskId, agent.agentRuntimeId);
    return taskId;
  }

  ownsTask(agent: KnownAgent, taskId: string): boolean {
    return this.#tasks.get(taskId) === agent.agentRuntimeId;
  }

  forgetTasks(): void {
    this.#tasks.clear();
  }

  #put(agent: KnownAgent): KnownAgent {
    this.#agents.set(agent.agentRuntimeId, agent);
    return agent;
  }
}
