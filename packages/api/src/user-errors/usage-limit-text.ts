import type { RateLimitReachedType } from "@codex-ts/protocol";
import { type LocalTimeOptions, localTimeText } from "./local-time.js";
import type { UsageLimitFacts } from "./user-error.js";

/** Says which limit is used up, until when, and what the plan of the user allows to do about it. */
export function usageLimitText(facts: UsageLimitFacts, time: LocalTimeOptions): string {
  const { planType, promoMessage, rateLimits, reachedType, resetsAt } = facts;
  const when = resetsAt === undefined ? "later." : `at ${localTimeText(resetsAt, time)}.`;
  const limitName = rateLimits?.limit_name?.trim() ?? "";
  if (limitName !== "" && limitName.toLowerCase() !== "codex")
    return `You've hit your usage limit for ${limitName}. Switch to another model now, or try again ${when}`;
  const workspaceText = reachedType === undefined ? undefined : workspaceTexts.get(reachedType);
  if (workspaceText !== undefined) return workspaceText;
  if (promoMessage !== undefined) return `You've hit your usage limit. ${promoMessage}, or try again ${when}`;
  const advice = adviceOf.get(planType);
  if (advice !== undefined) return `You've hit your usage limit. ${advice} or try again ${when}`;
  return `You've hit your usage limit. Try again ${when}`;
}

const workspaceTexts: ReadonlyMap<RateLimitReachedType, string> = new Map([
  ["workspace_owner_credits_depleted", "Your workspace is out of credits. Add credits to continue."],
  [
    "workspace_member_credits_depleted",
    "Your workspace is out of credits. Ask your workspace owner to refill in order to continue.",
  ],
  [
    "workspace_owner_usage_limit_reached",
    "You hit your spend cap set in your workspace. Increase your spend cap to continue.",
  ],
  [
    "workspace_member_usage_limit_reached",
    "You hit your spend cap set by the owner of your workspace. Ask an owner to increase your spend cap to continue.",
  ],
]);

const credits = "https://chatgpt.com/codex/settings/usage to purchase more credits";
const upgradeToPro = `Upgrade to Pro (https://chatgpt.com/explore/pro), visit ${credits}`;
const upgradeToPlus = "Upgrade to Plus to continue using Codex (https://chatgpt.com/explore/plus),";
const buyCredits = `Visit ${credits}`;
const askAdmin = "To get more access now, send a request to your admin";

const adviceOf: ReadonlyMap<string | undefined, string> = new Map([
  ["plus", upgradeToPro],
  ["free", upgradeToPlus],
  ["go", upgradeToPlus],
  ["pro", buyCredits],
  ["prolite", buyCredits],
  ["team", askAdmin],
  ["business", askAdmin],
  ["self_serve_business_usage_based", askAdmin],
  ["self_serve_business_prolite", askAdmin],
  ["enterprise_cbp_usage_based", askAdmin],
  ["enterprise_cbp_automation", askAdmin],
  ["ent26", askAdmin],
]);
