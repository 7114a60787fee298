import { z } from "zod";
import { parsePlanType } from "../plan-type.js";
import { rateLimitReachedTypes } from "../rate-limit-snapshot.js";
import type {
  AccountRateLimits,
  AccountRateLimitWindow,
  RateLimitsUpdatedNotification,
} from "../rate-limits-updated.js";
import { int64, orNull } from "./optional.js";

const windowSchema: z.ZodType<AccountRateLimitWindow> = z.object({
  usedPercent: z.int32(),
  windowDurationMins: orNull(int64),
  resetsAt: orNull(int64),
});

const creditsSchema = z.object({
  hasCredits: z.boolean(),
  unlimited: z.boolean(),
  balance: orNull(z.string()),
});

const individualLimitSchema = z.object({
  limit: z.string(),
  used: z.string(),
  remainingPercent: z.int32(),
  resetsAt: int64,
});

/** Reads a snapshot in the spelling of the app server. A missing member is `null`; other members are left out. */
export const accountRateLimitsSchema: z.ZodType<AccountRateLimits> = z.object({
  limitId: orNull(z.string()),
  limitName: orNull(z.string()),
  primary: orNull(windowSchema),
  secondary: orNull(windowSchema),
  credits: orNull(creditsSchema),
  individualLimit: orNull(individualLimitSchema),
  planType: orNull(z.string().transform(parsePlanType)),
  rateLimitReachedType: orNull(z.enum(rateLimitReachedTypes)),
});

/** Reads the parameters of `account/rateLimits/updated`. */
export const rateLimitsUpdatedSchema: z.ZodType<RateLimitsUpdatedNotification> = z.object({
  rateLimits: accountRateLimitsSchema,
});
