import type { AuthSource } from "@codex-ts/auth-provider";
import {
  type BackendUsage,
  type NudgeCreditType,
  type ResetCreditCode,
  toAccountRateLimits,
  type WorkspaceMessage,
} from "@codex-ts/protocol";
import type {
  AccountRateLimitsResult,
  AccountUsageResult,
  ConsumeResetCreditResult,
  NudgeEmailResult,
  WorkspaceMessagesResult,
} from "./account-results.js";
import { BackendClient, type ConsumeResetCreditOptions } from "./backend-client.js";
import type { BackendClientOptions } from "./backend-options.js";
import type { CallOptions } from "./call-options.js";
import { checkText } from "./check-arguments.js";
import { BackendError, isBackendError } from "./errors.js";
import { readLogin } from "./login-gate.js";
import { preferredRateLimit, toRateLimitSnapshots } from "./rate-limits.js";
import { parseRfc3339 } from "./rfc3339.js";
import { withTimeLimit } from "./time-limit.js";

/** What an account client is made from. */
export interface AccountClientOptions extends BackendClientOptions {
  /** Its login decides whether the backend is asked. */
  readonly auth: AuthSource;
}

/**
 * Answers what the app server answers to `account/…`, in its shapes and with its error texts.
 *
 * Every method rejects with a {@link BackendError}. Kind `auth` means that the login does not do, and that nothing was sent;
 * a JSON-RPC server reports it, and a TypeError, as an invalid request (-32600), everything else as an internal error (-32603).
 */
export class AccountClient {
  readonly #client: BackendClient;
  readonly #source: AuthSource;

  /** @throws TypeError for a base URL to which no credential may go. */
  constructor(options: AccountClientOptions) {
    this.#client = new BackendClient(options);
    this.#source = options.auth;
  }

  /** Answers `account/rateLimits/read`. */
  async readRateLimits(options: CallOptions = {}): Promise<AccountRateLimitsResult> {
    await this.#demandLogin("to read rate limits", options);
    return toRateLimitsResult(
      await describe("failed to fetch codex rate limits", this.#client.getUsage(options)),
    );
  }

  /**
   * Answers `account/rateLimitResetCredit/consume`. Gives up after 10 seconds unless `timeoutMs` says otherwise.
   *
   * @param idempotencyKey - Of the caller's making. With the same one no second credit is used up.
   */
  async consumeResetCredit(
    idempotencyKey: string,
    options: ConsumeResetCreditOptions = {},
  ): Promise<ConsumeResetCreditResult> {
    checkText("idempotencyKey", idempotencyKey);
    await this.#demandLogin("for rate limit reset credits", options);
    const { code } = await describe(
      "failed to consume rate limit reset",
      this.#client.consumeResetCredit(idempotencyKey, { ...options, timeoutMs: options.timeoutMs ?? 10_000 }),
      "rate limit reset consume timed out",
    );
    return { outcome: outcomes[code] };
  }

  /** Answers `account/usage/read`. Gives up after 10 seconds unless `timeoutMs` says otherwise. */
  async readUsage(options: CallOptions = {}): Promise<AccountUsageResult> {
    await this.#demandLogin("to read token usage", options);
    const { stats } = await describe(
      "failed to fetch token usage profile",
      this.#client.getTokenUsageProfile({ ...options, timeoutMs: options.timeoutMs ?? 10_000 }),
      "token usage profile fetch timed out",
    );
    return {
      summary: {
        lifetimeTokens: stats.lifetime_tokens,
        peakDailyTokens: stats.peak_daily_tokens,
        longestRunningTurnSec: stats.longest_running_turn_sec,
        currentStreakDays: stats.current_streak_days,
        longestStreakDays: stats.longest_streak_days,
      },
      dailyUsageBuckets:
        stats.daily_usage_buckets?.map(({ start_date, tokens }) => ({ startDate: start_date, tokens })) ??
        null,
    };
  }

  /** Answers `account/workspaceMessages/read`. Gives up after a second unless `timeoutMs` says otherwise. */
  async readWorkspaceMessages(options: CallOptions = {}): Promise<WorkspaceMessagesResult> {
    await this.#demandLogin("to read workspace messages", options);
    const answer = await describe(
      "failed to fetch workspace messages",
      orStatus(404, this.#client.getWorkspaceMessages({ ...options, timeoutMs: options.timeoutMs ?? 1_000 })),
      "workspace messages fetch timed out",
    );
    if (answer === undefined) return { featureEnabled: false, messages: [] };
    return { featureEnabled: true, messages: answer.messages.map(toMessage) };
  }

  /** Answers `account/sendAddCreditsNudgeEmail`. */
  async sendAddCreditsNudgeEmail(
    creditType: NudgeCreditType,
    options: CallOptions = {},
  ): Promise<NudgeEmailResult> {
    await this.#demandLogin("to notify workspace owner", options);
    const mail = this.#client.sendAddCreditsNudgeEmail(creditType, options).then(() => true);
    const isSent = await describe("failed to notify workspace owner", orStatus(429, mail));
    return { status: isSent === true ? "sent" : "cooldown_active" };
  }

  async #demandLogin(purpose: string, { signal }: CallOptions): Promise<void> {
    const login = await withTimeLimit({ name: "reading the login" }, { signal }, () =>
      readLogin(this.#source, signal),
    );
    if (login?.usesCodexBackend === true) return;
    const required = login === undefined ? "codex account" : "chatgpt";
    throw new BackendError(`${required} authentication required ${purpose}`, { kind: "auth" });
  }
}

const outcomes: Readonly<Record<ResetCreditCode, ConsumeResetCreditResult["outcome"]>> = {
  reset: "reset",
  nothing_to_reset: "nothingToReset",
  no_credit: "noCredit",
  already_redeemed: "alreadyRedeemed",
};

/** Says what failed in front of why. All facts of the error stay. */
async function describe<Value>(failed: string, call: Promise<Value>, timedOut?: string): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    if (!isBackendError(error) || error.kind === "aborted") throw error;
    const { kind, status, requestId, method, url, retryAfterMs, contentType, body } = error;
    const text = (kind === "timeout" ? timedOut : undefined) ?? `${failed}: ${error.message}`;
    const facts = { kind, status, requestId, method, url, retryAfterMs, contentType, body };
    throw new BackendError(text, { ...facts, cause: error });
  }
}

/** Takes a refusal with this status for an answer, and for none but this. */
async function orStatus<Value>(status: number, call: Promise<Value>): Promise<Value | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isBackendError(error) && error.kind === "status" && error.status === status) return undefined;
    throw error;
  }
}

function toRateLimitsResult(usage: BackendUsage): AccountRateLimitsResult {
  const snapshots = toRateLimitSnapshots(usage);
  const credits = usage.rate_limit_reset_credits;
  return {
    rateLimits: toAccountRateLimits(preferredRateLimit(snapshots)),
    rateLimitsByLimitId: Object.fromEntries(
      snapshots.map((snapshot) => [snapshot.limit_id, toAccountRateLimits(snapshot)]),
    ),
    rateLimitResetCredits: credits && { availableCount: credits.available_count },
  };
}

function toMessage(message: WorkspaceMessage): WorkspaceMessagesResult["messages"][number] {
  return {
    messageId: message.message_id,
    messageType: message.message_type,
    messageBody: message.message_body,
    createdAt: toUnixSeconds(message.created_at),
    archivedAt: toUnixSeconds(message.archived_at),
  };
}

function toUnixSeconds(timestamp: string | null): number | null {
  if (timestamp === null) return null;
  const seconds = parseRfc3339(timestamp);
  if (seconds !== undefined) return seconds;
  const shown = timestamp.slice(0, longestTimestamp).replace(/[^\x20-\x7e]/g, "?");
  throw new BackendError(`failed to parse workspace message timestamp \`${shown}\`: it is not RFC 3339`, {
    kind: "decode",
  });
}

const longestTimestamp = 40;
