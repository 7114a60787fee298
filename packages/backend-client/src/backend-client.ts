import type {
  AccountsCheck,
  BackendUsage,
  CloudEnvironment,
  ConfigBundle,
  ConfigRequirements,
  ConsumedResetCredit,
  CreateTaskRequest,
  NudgeCreditType,
  RateLimitSnapshot,
  ResetCreditList,
  SiblingTurn,
  TaskDetails,
  TaskPage,
  ThreadUsage,
  TokenUsageProfile,
  UserSettings,
  WorkspaceMessageList,
} from "@codex-ts/protocol";
import type { BackendClientOptions } from "./backend-options.js";
import { BackendSession } from "./backend-session.js";
import type { CallOptions } from "./call-options.js";
import { checkChoice, checkObject, checkText } from "./check-arguments.js";
import { type CreatedTask, toCreatedTask } from "./created-task.js";
import { type BackendAnswer, type ChooseSchema, decodeAnswer } from "./decode-answer.js";
import { BackendError } from "./errors.js";
import { pathSegment } from "./path-segment.js";
import { preferredRateLimit, toRateLimitSnapshots } from "./rate-limits.js";
import { parseTaskDetails } from "./task-details.js";
import { type ListTasksOptions, taskQuery } from "./task-query.js";

/** A request to an endpoint that {@link BackendClient} has no method for. */
export interface EndpointRequest {
  readonly method: "GET" | "POST";
  /** Appended to the base URL after a slash; may hold a query. Ids in it must be encoded: see {@link pathSegment}. */
  readonly path: string;
  readonly json?: unknown;
  /** In place of the client's of the same name, which must be in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Which repository environments are looked for. */
export interface EnvironmentQuery {
  /** @defaultValue "github" */
  readonly provider?: string | undefined;
  readonly owner: string;
  readonly repo: string;
}

/** Which credit is used up. */
export interface ConsumeResetCreditOptions extends CallOptions {
  /** One of those of {@link BackendClient.listResetCredits}; left out, the server chooses. */
  readonly creditId?: string | undefined;
}

/**
 * Talks to the Codex backend: usage, accounts, tasks, environments, managed configuration.
 *
 * Every method rejects with a {@link BackendError}: `status` when the server refuses, `decode` when its answer is not what
 * it has to be, `auth` when the login does not do, `timeout`, `aborted`, and `transport` for everything else. An argument
 * that cannot be is a TypeError. In these cases, and without a login, nothing is sent.
 */
export class BackendClient {
  readonly #session: BackendSession;

  /** @throws TypeError for a base URL to which no credential may go. */
  constructor(options: BackendClientOptions) {
    this.#session = new BackendSession(options);
  }

  /** The base URL in the form in which paths are appended to it. */
  get baseUrl(): string {
    return this.#session.baseUrl;
  }

  /**
   * Sends a request to an endpoint that has no method here, such as those of `@codex-ts/chatgpt`, and decodes the answer.
   *
   * @param choose - Chooses the schema of the answer.
   */
  request<Value>(
    request: EndpointRequest,
    choose: ChooseSchema<Value>,
    options: CallOptions = {},
  ): Promise<Value> {
    return this.#session.read({ ...request, isBelowBase: true }, options, choose);
  }

  /** Lists tasks, page by page. */
  async listTasks({ timeoutMs, signal, ...query }: ListTasksOptions = {}): Promise<TaskPage> {
    return this.#session.read(
      { method: "GET", path: "tasks/list", query: taskQuery(query) },
      { timeoutMs, signal },
      ({ taskPageSchema }) => taskPageSchema,
    );
  }

  /** Reads the turns of a task. */
  async getTask(taskId: string, options: CallOptions = {}): Promise<TaskDetails> {
    return parseTaskDetails(await this.getTaskBody(taskId, options));
  }

  /** Reads a task without looking into the answer. */
  async getTaskBody(taskId: string, options: CallOptions = {}): Promise<BackendAnswer> {
    return this.#session.send({ method: "GET", path: taskPath(taskId) }, options);
  }

  /** Lists the other attempts of a turn. */
  async listSiblingTurns(
    taskId: string,
    turnId: string,
    options: CallOptions = {},
  ): Promise<readonly SiblingTurn[]> {
    const { sibling_turns } = await this.#session.read(
      { method: "GET", path: `${taskPath(taskId)}/turns/${pathSegment("turnId", turnId)}/sibling_turns` },
      options,
      ({ siblingTurnsSchema }) => siblingTurnsSchema,
    );
    return sibling_turns;
  }

  /** Creates a task. Sent once: only a `Retry-After` of the server has it sent again. */
  async createTask(request: CreateTaskRequest, options: CallOptions = {}): Promise<CreatedTask> {
    checkObject("request", request);
    return toCreatedTask(
      await this.#session.send({ method: "POST", path: "tasks", json: request, repeat: "once" }, options),
    );
  }

  /** Lists the environments in which tasks can run. */
  async listEnvironments(options: CallOptions = {}): Promise<readonly CloudEnvironment[]> {
    return this.#session.read(
      { method: "GET", path: "environments" },
      options,
      ({ cloudEnvironmentsSchema }) => cloudEnvironmentsSchema,
    );
  }

  /** Lists the environments that belong to a repository. */
  async listEnvironmentsByRepo(
    { provider = "github", owner, repo }: EnvironmentQuery,
    options: CallOptions = {},
  ): Promise<readonly CloudEnvironment[]> {
    const segments = [
      pathSegment("provider", provider),
      pathSegment("owner", owner),
      pathSegment("repo", repo),
    ];
    return this.#session.read(
      { method: "GET", path: `environments/by-repo/${segments.join("/")}` },
      options,
      ({ cloudEnvironmentsSchema }) => cloudEnvironmentsSchema,
    );
  }

  /** Reads what a workspace prescribes. */
  async getConfigBundle(options: CallOptions = {}): Promise<ConfigBundle> {
    return this.#session.read(
      { method: "GET", path: "config/bundle" },
      options,
      ({ configBundleSchema }) => configBundleSchema,
    );
  }

  /** Reads the same from a backend of April 2026, which knows requirements only. */
  async getConfigRequirements(options: CallOptions = {}): Promise<ConfigRequirements> {
    return this.#session.read(
      { method: "GET", path: "config/requirements" },
      options,
      ({ configRequirementsSchema }) => configRequirementsSchema,
    );
  }

  /** Lists the accounts of a login. Both forms of the answer are read as one. */
  async checkAccounts(options: CallOptions = {}): Promise<AccountsCheck> {
    return this.#session.read(
      { method: "GET", path: "accounts/check" },
      options,
      ({ accountsCheckSchema }) => accountsCheckSchema,
    );
  }

  /** Asks the owner of the workspace for credits or a higher limit, by mail. Status 429 means: asked not long ago. */
  async sendAddCreditsNudgeEmail(creditType: NudgeCreditType, options: CallOptions = {}): Promise<void> {
    checkChoice("creditType", creditType, ["credits", "usage_limit"]);
    await this.#session.send(
      {
        method: "POST",
        path: "accounts/send_add_credits_nudge_email",
        json: { credit_type: creditType },
        repeat: "never",
      },
      options,
    );
  }

  /** Reads how much of the limits is used up, as the server tells it. */
  async getUsage(options: CallOptions = {}): Promise<BackendUsage> {
    return this.#session.read(
      { method: "GET", path: "usage" },
      options,
      ({ backendUsageSchema }) => backendUsageSchema,
    );
  }

  /** Reads the same and gives the limits of Codex itself; see {@link toRateLimitSnapshots} for all. */
  async getRateLimits(options: CallOptions = {}): Promise<RateLimitSnapshot> {
    return preferredRateLimit(toRateLimitSnapshots(await this.getUsage(options)));
  }

  /** Lists the credits that start limits anew. */
  async listResetCredits(options: CallOptions = {}): Promise<ResetCreditList> {
    return this.#session.read(
      { method: "GET", path: "rate-limit-reset-credits" },
      options,
      ({ resetCreditListSchema }) => resetCreditListSchema,
    );
  }

  /**
   * Uses up a credit, and so starts limits anew.
   *
   * @param idempotencyKey - Of the caller's making. With the same one no second credit is used up.
   */
  async consumeResetCredit(
    idempotencyKey: string,
    { creditId, ...options }: ConsumeResetCreditOptions = {},
  ): Promise<ConsumedResetCredit> {
    checkText("idempotencyKey", idempotencyKey);
    if (creditId !== undefined) checkText("creditId", creditId);
    return this.#session.read(
      {
        method: "POST",
        path: "rate-limit-reset-credits/consume",
        json: { redeem_request_id: idempotencyKey, credit_id: creditId },
      },
      options,
      ({ consumedResetCreditSchema }) => consumedResetCreditSchema,
    );
  }

  /** Reads how much a user has used so far. */
  async getTokenUsageProfile(options: CallOptions = {}): Promise<TokenUsageProfile> {
    return this.#session.read(
      { method: "GET", path: "profiles/me" },
      options,
      ({ tokenUsageProfileSchema }) => tokenUsageProfileSchema,
    );
  }

  /** Reads what one thread has cost. */
  async getThreadUsage(threadId: string, options: CallOptions = {}): Promise<ThreadUsage> {
    checkText("threadId", threadId);
    return toThreadUsage(
      threadId,
      await this.#session.send(
        { method: "POST", path: "usage/thread_usage/query", json: { thread_ids: [threadId] } },
        options,
      ),
    );
  }

  /** Reads the settings of a user. */
  async getUserSettings(options: CallOptions = {}): Promise<UserSettings> {
    return this.#session.read(
      { method: "GET", path: "settings/user", headers: { "cache-control": "no-cache, no-store" } },
      options,
      ({ userSettingsSchema }) => userSettingsSchema,
    );
  }

  /** Reads what a workspace has to tell its members. Status 404 means: the workspace has no such messages. */
  async getWorkspaceMessages(options: CallOptions = {}): Promise<WorkspaceMessageList> {
    return this.#session.read(
      { method: "GET", path: "workspace-messages", headers: { "cache-control": "no-store" } },
      options,
      ({ workspaceMessageListSchema }) => workspaceMessageListSchema,
    );
  }
}

function taskPath(taskId: string): string {
  return `tasks/${pathSegment("taskId", taskId)}`;
}

async function toThreadUsage(threadId: string, answer: BackendAnswer): Promise<ThreadUsage> {
  const { threads } = await decodeAnswer(answer, ({ threadUsageListSchema }) => threadUsageListSchema);
  const found = threads.find(({ thread_id }) => thread_id === threadId);
  if (found !== undefined) return found;
  throw new BackendError(`thread usage response did not contain requested thread ${threadId}`, {
    kind: "decode",
    ...answer,
  });
}
