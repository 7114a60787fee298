import {
  type AgentIdentity,
  type AgentIdentityEndpoints,
  type AgentIdentityRecord,
  AgentKey,
  agentBillOfMaterials,
  generateAgentKey,
  openAgentIdentity,
  parseAgentIdentityRecord,
  registerAgent,
  toStoredAgentIdentityRecord,
} from "@codex-ts/agent-identity";
import { Secret } from "@codex-ts/client";
import { parsePlanType, type SessionSource } from "@codex-ts/protocol";
import { isLoginError, LoginError } from "../login-error.js";
import { agentIdentityEndpointsOf } from "../logins/access-token-login.js";
import { toBootstrapFailure } from "../logins/agent-identity-failure.js";
import type { LoginContext } from "../logins/login-context.js";
import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import { accountMismatch, isSameAccount } from "../refresh/refresh-transaction.js";
import { type AuthJson, storedAuthMode } from "../storage/auth-json.js";
import { MachineLock } from "../storage/machine-lock.js";
import { asObject } from "../tokens/jwt.js";

/** What an agent tells of itself when it registers. */
export interface AgentDescription {
  /** @defaultValue "cli" */
  readonly sessionSource?: SessionSource | undefined;
  /** Version of the program. @defaultValue "0.0.0" */
  readonly agentVersion?: string | undefined;
}

/** After the service was down, so long nothing is sent to it. */
const cooldownMs = 3600_000;

/**
 * Gives a ChatGPT login an Agent Identity of its own. It is registered once for a machine, stored beside the tokens,
 * and found there by whoever comes later.
 */
export class AgentIdentityBootstrap {
  readonly #context: LoginContext;
  readonly #onStored: (auth: ChatgptAuth) => void;
  #opened: { readonly key: string; readonly identity: AgentIdentity } | undefined;
  #refused: { readonly key: string; readonly error: LoginError; readonly atMs: number } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param onStored - Told of the stored login with the identity in it. */
  constructor(context: LoginContext, onStored: (auth: ChatgptAuth) => void) {
    this.#context = context;
    this.#onStored = onStored;
  }

  /**
   * Opens the identity of a login, and registers it first if there is none. Callers wait for each other.
   *
   * @throws {@link LoginError} of kind `agent_identity_unavailable` when the service is down or was within the last
   * hour, else `agent_identity`, `credential_missing`, `account_mismatch`, `storage`, `lock_timeout`.
   */
  open(auth: ChatgptAuth, description: AgentDescription): Promise<AgentIdentity> {
    const turn = this.#last.then(() => this.#open(auth, description));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #open(auth: ChatgptAuth, description: AgentDescription): Promise<AgentIdentity> {
    const binding = this.#bind(auth);
    let endpoints: AgentIdentityEndpoints;
    try {
      endpoints = agentIdentityEndpointsOf(this.#context);
    } catch (error) {
      throw toBootstrapFailure(error);
    }
    const identityKey = JSON.stringify([binding.accountId, binding.userId, endpoints.authApiBaseUrl]);
    if (this.#opened?.key === identityKey) return this.#opened.identity;
    const cooldownKey = JSON.stringify([binding.accountId, endpoints.authApiBaseUrl]);
    this.#checkCooldown(cooldownKey);
    try {
      const identity = await this.#ensure(binding, endpoints, description);
      this.#opened = { key: identityKey, identity };
      return identity;
    } catch (error) {
      const failure = toBootstrapFailure(error);
      if (isLoginError(failure) && failure.kind === "agent_identity_unavailable") {
        this.#refused = { key: cooldownKey, error: failure, atMs: this.#context.clock() };
      }
      throw failure;
    }
  }

  #checkCooldown(key: string): void {
    const refused = this.#refused;
    this.#refused = undefined;
    if (refused?.key !== key) return;
    const elapsedMs = this.#context.clock() - refused.atMs;
    if (elapsedMs < 0 || elapsedMs >= cooldownMs) return;
    this.#refused = refused;
    throw refused.error;
  }

  #bind(auth: ChatgptAuth): Binding {
    const { workspaces } = this.#context.policy;
    const forced = workspaces.length === 1 ? workspaces[0] : undefined;
    const accountId = forced ?? (auth.accountId || auth.claimedAccountId);
    const { userId } = auth;
    if (!accountId || !userId) {
      throw new LoginError("ChatGPT auth is unavailable: it does not say whose it is. Sign in again.", {
        kind: "credential_missing",
      });
    }
    return { auth, accountId, userId, accessToken: new Secret(auth.token()) };
  }

  /** Under a lock of its own, so that a machine registers one agent and a refresh need not wait for it. */
  async #ensure(
    binding: Binding,
    endpoints: AgentIdentityEndpoints,
    description: AgentDescription,
  ): Promise<AgentIdentity> {
    const { storage, lockOptions } = this.#context;
    const ensure = async (): Promise<AgentIdentity> => {
      const record =
        findRecord(await storage.load(), binding) ?? (await this.#register(binding, endpoints, description));
      return await this.#openRecord(record, binding, endpoints);
    };
    if (storage.lockFile === undefined) return await ensure();
    return await new MachineLock(`${storage.lockFile}.agent-identity`, lockOptions).run(ensure);
  }

  async #register(
    binding: Binding,
    { authApiBaseUrl }: AgentIdentityEndpoints,
    description: AgentDescription,
  ): Promise<AgentIdentityRecord> {
    const { transport, clock } = this.#context;
    const { agentVersion = "0.0.0", sessionSource } = description;
    const { auth, accountId, userId, accessToken } = binding;
    const key = generateAgentKey();
    const { agentRuntimeId } = await registerAgent({
      transport,
      authApiBaseUrl,
      key,
      auth: accessToken,
      isFedramp: auth.isFedramp,
      abom: agentBillOfMaterials({ agentVersion, sessionSource }),
      clock,
    });
    return parseAgentIdentityRecord({
      agent_runtime_id: agentRuntimeId,
      agent_private_key: key.toPkcs8Base64(),
      account_id: accountId,
      chatgpt_user_id: userId,
      email: auth.email ?? null,
      plan_type: parsePlanType(auth.planType ?? "unknown"),
      chatgpt_account_is_fedramp: auth.isFedramp,
    });
  }

  /** Opens a record; each task that it gets, now or later, is stored. */
  async #openRecord(
    record: AgentIdentityRecord,
    binding: Binding,
    endpoints: AgentIdentityEndpoints,
  ): Promise<AgentIdentity> {
    const { transport, clock } = this.#context;
    return await openAgentIdentity(record, {
      transport,
      endpoints,
      clock,
      onTaskRegistered: ({ taskId, replacedTaskId }) =>
        this.#store({ ...record, task_id: taskId }, replacedTaskId, binding.auth),
    });
  }

  async #store(
    record: AgentIdentityRecord,
    replacedTaskId: string | undefined,
    owner: ChatgptAuth,
  ): Promise<void> {
    const { storage, locked } = this.#context;
    await locked(async () => {
      const stored = await storage.load();
      // Whoever has signed out, or in as somebody else, while the agent registered must not find it there.
      if (stored === undefined || storedAuthMode(stored) !== "chatgpt") throw accountMismatch();
      if (!isSameAccount(new ChatgptAuth(stored, "chatgpt"), owner)) throw accountMismatch();
      const before = asObject(stored.agent_identity);
      // Another process has replaced the task, or the agent, before us: theirs is as good.
      if (replacedTaskId !== undefined && before?.["task_id"] !== replacedTaskId) return;
      const isSameAgent = before?.["agent_runtime_id"] === record.agent_runtime_id;
      const renewed: AuthJson = {
        ...stored,
        agent_identity: { ...(isSameAgent ? before : undefined), ...toStoredAgentIdentityRecord(record) },
      };
      await storage.save(renewed);
      this.#onStored(new ChatgptAuth(renewed, "chatgpt"));
    });
  }
}

/** Whose agent it is. */
interface Binding {
  readonly auth: ChatgptAuth;
  readonly accountId: string;
  readonly userId: string;
  readonly accessToken: Secret;
}

function findRecord(stored: AuthJson | undefined, binding: Binding): AgentIdentityRecord | undefined {
  const material = stored?.agent_identity ?? undefined;
  if (material === undefined || typeof material === "string") return undefined;
  const record = parseAgentIdentityRecord(material);
  if (record.account_id !== binding.accountId || record.chatgpt_user_id !== binding.userId) return undefined;
  try {
    AgentKey.fromPkcs8Base64(record.agent_private_key);
    return record;
  } catch {
    // A key that cannot sign is replaced by a new one.
    return undefined;
  }
}
