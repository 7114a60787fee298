/** An account of `accounts/check`, in the wire's names. */
export interface BackendAccountEntry {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly profile_picture_url?: string | null | undefined;
  readonly structure?: string | undefined;
  readonly plan_type?: string | undefined;
  /** Default: the backend's own origin, so that a client that follows it takes a test's credentials nowhere else. */
  readonly workspace_backend_origin?: unknown;
  /** Default `us`. */
  readonly account_routing_override?: unknown;
}

/** A credit that starts rate limits anew, in the wire's names. */
export interface ResetCreditEntry {
  readonly id: string;
  readonly reset_type: string;
  /** `available` or `redeemed`. */
  readonly status: string;
  readonly granted_at: string;
  readonly expires_at: string | null;
  readonly title: string | null;
  readonly description: string | null;
}

/** A message of a workspace, in the wire's names. */
export interface WorkspaceMessageEntry {
  readonly message_id: string;
  readonly message_type: string;
  readonly message_body: string;
  readonly created_at?: string | null | undefined;
  readonly archived_at?: string | null | undefined;
}

/** What a thread has cost, in the wire's names. */
export interface ThreadUsageEntry {
  readonly thread_id: string;
  readonly estimated_usage_credits_micros: number;
  readonly estimated_usage_usd_micros?: number | null | undefined;
  readonly groups?: readonly object[] | undefined;
}
