import { z } from "zod";
import type { AccountsCheck, BackendAccount } from "../backend/accounts.js";
import type { TokenUsageProfile, TokenUsageStats, UserSettings } from "../backend/profile.js";
import {
  type ConsumedResetCredit,
  type ResetCreditList,
  resetCreditCodes,
} from "../backend/reset-credits.js";
import type { ThreadUsage } from "../backend/thread-usage.js";
import type { WorkspaceMessageList, WorkspaceMessageType } from "../backend/workspace-messages.js";
import { int64, orAbsent, orNull, withoutUnset } from "./optional.js";

const facts = {
  name: orNull(z.string()),
  profile_picture_url: orNull(z.string()),
  structure: z.string().default(""),
  plan_type: orAbsent(z.string()),
  workspace_backend_origin: orAbsent(z.string()),
  account_routing_override: orAbsent(z.string()),
};

const listSchema = z.array(z.object({ id: z.string(), ...facts }));

const mapSchema = z.record(
  z.string(),
  z.object({ account: z.object({ account_id: orNull(z.string()), ...facts }) }),
);

/** Reads the answer of `GET …/accounts/check` in both of its forms. */
export const accountsCheckSchema: z.ZodType<AccountsCheck> = z
  .object({
    accounts: z.union([listSchema, mapSchema]).default([]),
    account_ordering: z.array(z.string()).default([]),
    default_account_id: orNull(z.string()),
  })
  .transform(({ accounts, ...check }) => ({
    accounts: Array.isArray(accounts)
      ? accounts.map((account) => withoutUnset(account) as BackendAccount)
      : inOrder(accounts, check.account_ordering),
    ...check,
  }));

/** The map has no order of its own: what the ordering does not name does not count. */
function inOrder(accounts: z.infer<typeof mapSchema>, ordering: readonly string[]): BackendAccount[] {
  return [...new Set(ordering)].flatMap((key) => {
    const entry = Object.hasOwn(accounts, key) ? accounts[key] : undefined;
    if (entry === undefined || entry.account.account_id === null) return [];
    const { account_id: id, ...account } = entry.account;
    return [withoutUnset({ id, ...account }) as BackendAccount];
  });
}

const statsSchema: z.ZodType<TokenUsageStats> = z.object({
  lifetime_tokens: orNull(int64),
  peak_daily_tokens: orNull(int64),
  longest_running_turn_sec: orNull(int64),
  current_streak_days: orNull(int64),
  longest_streak_days: orNull(int64),
  daily_usage_buckets: orNull<readonly { start_date: string; tokens: number }[]>(
    z.array(z.object({ start_date: z.string(), tokens: int64 })),
  ),
});

/** Reads the answer of `GET …/profiles/me`. */
export const tokenUsageProfileSchema: z.ZodType<TokenUsageProfile> = z.object({ stats: statsSchema });

/** Reads the answer of `GET …/settings/user`. */
export const userSettingsSchema: z.ZodType<UserSettings> = z.object({
  commit_attribution_enabled: z.boolean().default(false),
});

/** Reads the answer of `GET …/rate-limit-reset-credits`. */
export const resetCreditListSchema: z.ZodType<ResetCreditList> = z.object({
  credits: z.array(
    z.object({
      id: z.string(),
      reset_type: z.string(),
      status: z.string(),
      granted_at: z.string(),
      expires_at: orNull(z.string()),
      title: orNull(z.string()),
      description: orNull(z.string()),
    }),
  ),
  available_count: int64,
});

/** Reads the answer of `POST …/rate-limit-reset-credits/consume`. A code that is not known is an issue. */
export const consumedResetCreditSchema: z.ZodType<ConsumedResetCredit> = z.object({
  code: z.enum(resetCreditCodes),
  windows_reset: int64.default(0),
});

/** Reads the answer of `POST …/usage/thread_usage/query`. */
export const threadUsageListSchema: z.ZodType<{ readonly threads: readonly ThreadUsage[] }> = z.object({
  threads: z.array(
    z.object({
      thread_id: z.string(),
      estimated_usage_credits_micros: int64,
      estimated_usage_usd_micros: orNull(int64),
      groups: z.array(z.record(z.string(), z.unknown())).default([]),
    }),
  ),
});

/** Reads the answer of `GET …/workspace-messages`. */
export const workspaceMessageListSchema: z.ZodType<WorkspaceMessageList> = z.object({
  messages: z
    .array(
      z.object({
        message_id: z.string(),
        message_type: z.string().transform(toMessageType),
        message_body: z.string(),
        created_at: orNull(z.string()),
        archived_at: orNull(z.string()),
      }),
    )
    .default([]),
});

function toMessageType(type: string): WorkspaceMessageType {
  return type === "headline" || type === "announcement" ? type : "unknown";
}
