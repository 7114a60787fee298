/**
 * What the administrators of a workspace allow, as `requirements.toml` says it: the members that are known. Others are
 * kept as they are.
 */
export interface ManagedRequirements {
  /** Names such as `never`, or tables for policies with parts. */
  readonly allowed_approval_policies?: readonly unknown[];
  readonly allowed_approvals_reviewers?: readonly string[];
  /** Such as `read-only`. */
  readonly allowed_sandbox_modes?: readonly string[];
  readonly allowed_web_search_modes?: readonly string[];
  readonly allow_managed_hooks_only?: boolean;
  readonly allow_appshots?: boolean;
  readonly allow_remote_control?: boolean;
  /** Where requests have to be handled, such as `us`. */
  readonly enforce_residency?: string;
  readonly guardian_policy_config?: string;
  /** Features that are forced on or off. */
  readonly features?: Readonly<Record<string, boolean>>;
  readonly rules?: RequirementsTable & { readonly prefix_rules?: readonly RequirementsTable[] };
  readonly apps?: RequirementsTable;
  readonly computer_use?: RequirementsTable;
  readonly experimental_network?: RequirementsTable;
  readonly hooks?: RequirementsTable;
  readonly mcp_servers?: RequirementsTable;
  readonly permissions?: RequirementsTable;
  readonly plugins?: RequirementsTable;
  readonly windows?: RequirementsTable;
  readonly [member: string]: unknown;
}

/** A table of requirements that is not looked into here. */
export type RequirementsTable = Readonly<Record<string, unknown>>;
