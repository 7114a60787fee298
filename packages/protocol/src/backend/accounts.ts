/** The answer of `GET …/accounts/check`, whichever of its two forms came. */
export interface AccountsCheck {
  readonly accounts: readonly BackendAccount[];
  readonly account_ordering: readonly string[];
  readonly default_account_id: string | null;
}

/** One account of a login. */
export interface BackendAccount {
  readonly id: string;
  readonly name: string | null;
  readonly profile_picture_url: string | null;
  /** `personal` or `workspace`; empty when the server does not say. */
  readonly structure: string;
  /** Left out when the server does not say. */
  readonly plan_type?: string;
  /** Where the model calls of this account go. Check it against an allow-list before anything is sent there. */
  readonly workspace_backend_origin?: string;
  /** Value of the header `x-openai-account-routing-override` of these calls. */
  readonly account_routing_override?: string;
}

/** What a mail to the owner of a workspace asks for. */
export type NudgeCreditType = "credits" | "usage_limit";
