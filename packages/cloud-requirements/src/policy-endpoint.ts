import type { BackendClient, CallOptions } from "@codex-ts/backend-client";
import type { ConfigBundle, PolicyCacheFacts } from "@codex-ts/protocol";

/** Where policies are asked for, by its path. */
export type PolicyEndpointPath = "config/bundle" | "config/requirements";

/** What a cache file says, once its shape is right. */
export interface CachedPolicies extends PolicyCacheFacts {
  readonly signature: string;
  /** Nothing for a file that has no versions. */
  readonly version: number | undefined;
  readonly bundle: ConfigBundle;
}

/** All in which one endpoint differs from another. */
export interface PolicyEndpoint {
  readonly path: PolicyEndpointPath;
  /** What it delivers, in words. */
  readonly subject: "cloud config bundle" | "cloud requirements";
  readonly refreshIntervalMs: number;
  readonly cache: {
    readonly fileName: string;
    /** Known to everybody: it tells a torn or edited file, and keeps nobody out who means harm. */
    readonly hmacKey: string;
    readonly ttlMs: number;
    readonly supportedVersion: number | undefined;
    /** Whether a cached policy that cannot be used is asked for again, or taken for none. */
    readonly refetchesInvalid: boolean;
    /** Reads the parsed JSON of a file. @throws ZodError for another shape. */
    read(value: unknown): Promise<CachedPolicies>;
    /** Orders the members of a payload as they are signed. */
    payload(facts: PolicyCacheFacts & { readonly version: number | undefined }, bundle: ConfigBundle): object;
  };
  /** Tells whether accounts of that plan are under policies. */
  isEligiblePlan(plan: string): boolean;
  fetch(client: BackendClient, options: CallOptions): Promise<ConfigBundle>;
  /** How a policy that cannot be used is reported. */
  readonly invalid: { readonly code: "InvalidBundle" | "Parse"; readonly prefix: string };
}

/** The members that payloads have in common, in the order in which they are signed. */
export function orderedFacts(facts: PolicyCacheFacts): object {
  const { cached_at, expires_at, chatgpt_user_id, account_id, base_url } = facts;
  return {
    cached_at,
    expires_at,
    chatgpt_user_id,
    account_id,
    // The reference knows no such member, and so it must be missing where its files are to be read by it.
    ...(base_url === null ? undefined : { base_url }),
  };
}
