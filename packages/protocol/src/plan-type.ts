/** A plan that both sides know by name. */
export type KnownPlanType =
  | "free"
  | "go"
  | "plus"
  | "pro"
  | "prolite"
  | "team"
  | "self_serve_business_usage_based"
  | "business"
  | "enterprise_cbp_usage_based"
  | "enterprise"
  | "edu";

/**
 * The plan of an account, as the app server and stored agent identities name it; anything new is `unknown`.
 */
export type PlanType = KnownPlanType | "unknown";

/**
 * The plan in a credential: claims of a token, `whoami`, tokens handed in by a host. A name that is not known
 * is kept as it came.
 */
export type AuthPlanType = KnownPlanType | (string & {});

const displayNames: ReadonlyMap<string, string> = new Map<KnownPlanType, string>([
  ["free", "Free"],
  ["go", "Go"],
  ["plus", "Plus"],
  ["pro", "Pro"],
  ["prolite", "Pro Lite"],
  ["team", "Team"],
  ["self_serve_business_usage_based", "Self Serve Business Usage Based"],
  ["business", "Business"],
  ["enterprise_cbp_usage_based", "Enterprise CBP Usage Based"],
  ["enterprise", "Enterprise"],
  ["edu", "Edu"],
]);

const aliases: ReadonlyMap<string, KnownPlanType> = new Map([
  ["hc", "enterprise"],
  ["education", "edu"],
]);

const teamLike: ReadonlySet<unknown> = new Set<KnownPlanType>(["team", "self_serve_business_usage_based"]);
const businessLike: ReadonlySet<unknown> = new Set<KnownPlanType>(["business", "enterprise_cbp_usage_based"]);

/** Every {@link PlanType}, in the order of the protocol. */
export const planTypes: readonly PlanType[] = [
  ...(displayNames.keys() as Iterable<KnownPlanType>),
  "unknown",
];

/** Tells whether a plan is known by name; aliases and `unknown` are not. */
export function isKnownPlanType(plan: unknown): plan is KnownPlanType {
  return typeof plan === "string" && displayNames.has(plan);
}

/**
 * Reads the plan of an account, also from the plan of its credential. Case counts, there are no aliases, and
 * every other string is `unknown`.
 */
export function parsePlanType(plan: string): PlanType {
  return isKnownPlanType(plan) ? plan : "unknown";
}

/** Reads the plan in a claim of a token: case counts, `hc` is `enterprise`, `education` is `edu`. */
export function parsePlanClaim(claim: string): AuthPlanType {
  return aliases.get(claim) ?? claim;
}

/**
 * Reads a plan from anywhere but a claim (`whoami`, a host): like {@link parsePlanClaim} but in any ASCII
 * case.
 */
export function parseRawPlan(raw: string): AuthPlanType {
  const plan = parsePlanClaim(raw.toLowerCase());
  return isKnownPlanType(plan) ? plan : raw;
}

/** Gives the name to show. A plan that is not known is shown as it is. */
export function planDisplayName(plan: AuthPlanType): string {
  return displayNames.get(plan) ?? plan;
}

/** Tells whether the plan is one of the team plans. */
export function isTeamPlan(plan: AuthPlanType | null | undefined): boolean {
  return teamLike.has(plan);
}

/** Tells whether the plan is one of the business plans. */
export function isBusinessPlan(plan: AuthPlanType | null | undefined): boolean {
  return businessLike.has(plan);
}

/** Tells whether an account of this plan belongs to a workspace. No plan: no. */
export function isWorkspacePlan(plan: AuthPlanType | null | undefined): boolean {
  return isTeamPlan(plan) || isBusinessPlan(plan) || plan === "enterprise" || plan === "edu";
}
