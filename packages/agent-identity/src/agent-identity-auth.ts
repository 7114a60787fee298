import {
  AuthError,
  type AuthProvider,
  type AuthRejection,
  type OutboundRequest,
} from "@codex-ts/auth-provider";
import type { Transport } from "@codex-ts/client";
import type { AgentIdentityRecord } from "./agent-identity-record.js";
import { AgentKey } from "./agent-key.js";
import { AgentTask, missingTask, type TaskRegistration } from "./agent-task.js";
import { assertionAt } from "./assertion.js";
import { assertHeaderValue, headerNames } from "./auth-headers.js";
import { clockSkewHint } from "./clock-skew.js";
import { isAgentIdentityError } from "./errors.js";
import { isInvalidTaskRefusal, refusalCode } from "./invalid-task.js";
import { registerTask } from "./register-task.js";
import { TaskRecovery } from "./task-recovery.js";

/** How requests are signed, and how tasks are registered. */
export interface AgentIdentityAuthOptions {
  /** Sends registrations. Without it, or without `authApiBaseUrl`, the provider only signs. */
  readonly transport?: Transport | undefined;
  /** From {@link agentIdentityEndpoints}. */
  readonly authApiBaseUrl?: string | undefined;
  /**
   * Told of each task that the provider registers, so that a login can store it. Requests that wait for the task
   * wait for this as well, and fail if it fails; the task is kept all the same.
   */
  readonly onTaskRegistered?: ((registration: TaskRegistration) => void | Promise<void>) | undefined;
  /** The time to sign, in epoch milliseconds. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
}

/**
 * Makes the provider that signs requests with an Agent Identity: `Authorization` with an assertion that is new in
 * each second, the account, and the FedRAMP mark.
 *
 * With `transport` and `authApiBaseUrl` it registers a task at the first request if the record has none, and a
 * replacement when the backend answers 401 because it no longer knows the task; that request is sent once more.
 * Requests that meet this at the same time share one registration. Nothing is written back into the record. Another
 * 401 is final; if the clocks of the two sides are more than a minute apart, its error says so.
 *
 * @throws {@link AgentIdentityError} of kind `invalid_key`. Whatever else stands in the way, such as an account id
 * that no header can hold, arrives as an `AuthError` when a request is signed; then nothing is sent.
 */
export function agentIdentityAuth(
  record: AgentIdentityRecord,
  options: AgentIdentityAuthOptions = {},
): AuthProvider {
  const AuthClass = taskIdOf(record) === undefined ? RegisteringAgentIdentityAuth : AgentIdentityAuth;
  return new AuthClass(record, options);
}

/** Signs for a task that is there. Only adds headers, which is what transports are fastest at. */
export class AgentIdentityAuth implements AuthProvider {
  readonly task: AgentTask;
  readonly #key: AgentKey;
  readonly #agentRuntimeId: string;
  readonly #accountId: string;
  readonly #isFedramp: boolean;
  readonly #clock: () => number;
  readonly #recovery: TaskRecovery;

  constructor(record: AgentIdentityRecord, options: AgentIdentityAuthOptions) {
    const { clock = Date.now, onTaskRegistered: onRegistered } = options;
    this.#key = AgentKey.fromPkcs8Base64(record.agent_private_key);
    this.#agentRuntimeId = record.agent_runtime_id;
    this.#accountId = record.account_id;
    this.#isFedramp = record.chatgpt_account_is_fedramp;
    this.#clock = clock;
    this.task = new AgentTask(taskIdOf(record), {
      register: this.#registrar(options),
      onRegistered,
      monotonicMs,
    });
    this.#recovery = new TaskRecovery(this.task, monotonicMs);
  }

  addAuthHeaders(headers: Headers): void {
    const assertion = this.#sign();
    assertHeaderValue(headerNames.accountId, this.#accountId);
    headers.set(headerNames.authorization, assertion);
    headers.set(headerNames.accountId, this.#accountId);
    if (this.#isFedramp) headers.set(headerNames.fedramp, "true");
  }

  async recover(rejection: AuthRejection): Promise<boolean> {
    if (isInvalidTaskRefusal(rejection))
      return await this.#recovery.recover(rejection).catch(rethrowAsAuthError);
    const hint = clockSkewHint(rejection.headers, this.#clock());
    if (hint === undefined) return false;
    const reason = refusalCode(rejection);
    const refused =
      reason === undefined ? "the assertion was refused" : `the assertion was refused as ${reason}`;
    throw new AuthError(`${refused}, and ${hint}`, { kind: "build" });
  }

  #sign(): string {
    try {
      const { id: taskId } = this.task;
      if (taskId === undefined) throw missingTask();
      return assertionAt(this.#key, { agentRuntimeId: this.#agentRuntimeId, taskId }, this.#clock());
    } catch (error) {
      return rethrowAsAuthError(error);
    }
  }

  #registrar(options: AgentIdentityAuthOptions): (() => Promise<string>) | undefined {
    const { transport, authApiBaseUrl } = options;
    if (transport === undefined || authApiBaseUrl === undefined) return undefined;
    const key = this.#key;
    const agentRuntimeId = this.#agentRuntimeId;
    return () => registerTask({ transport, authApiBaseUrl, key, agentRuntimeId, clock: this.#clock });
  }
}

/** Registers the first task when the first request is to be signed. */
class RegisteringAgentIdentityAuth extends AgentIdentityAuth {
  async applyAuth(request: OutboundRequest): Promise<OutboundRequest> {
    if (this.task.id === undefined) await this.task.register().catch(rethrowAsAuthError);
    this.addAuthHeaders(request.headers);
    return request;
  }
}

/** The task of a record; a blank one is none. */
function taskIdOf({ task_id: taskId }: AgentIdentityRecord): string | undefined {
  return taskId?.trim() ? taskId : undefined;
}

const monotonicMs = (): number => performance.now();

function rethrowAsAuthError(error: unknown): never {
  if (!isAgentIdentityError(error)) throw error;
  throw new AuthError(error.message, { kind: error.retryable ? "transient" : "build", cause: error });
}
