import { z } from "zod";
import type { ManagedRequirements } from "../managed-requirements.js";

const names = z.array(z.string());
const table = z.looseObject({});

const remoteSandboxConfig = z.array(
  z.looseObject({ hostname_patterns: names, allowed_sandbox_modes: names }),
);

/** Reads one fragment of `requirements.toml`: known members must be of their kind, others are kept as they are. */
export const managedRequirementsSchema: z.ZodType<ManagedRequirements> = z.looseObject({
  allowed_approval_policies: z.array(z.unknown()).exactOptional(),
  allowed_approvals_reviewers: names.exactOptional(),
  allowed_sandbox_modes: names.exactOptional(),
  allowed_web_search_modes: names.exactOptional(),
  allow_managed_hooks_only: z.boolean().exactOptional(),
  allow_appshots: z.boolean().exactOptional(),
  allow_remote_control: z.boolean().exactOptional(),
  enforce_residency: z.string().exactOptional(),
  guardian_policy_config: z.string().exactOptional(),
  features: z.record(z.string(), z.boolean()).exactOptional(),
  remote_sandbox_config: remoteSandboxConfig.exactOptional(),
  rules: z.looseObject({ prefix_rules: z.array(table).exactOptional() }).exactOptional(),
  apps: table.exactOptional(),
  computer_use: table.exactOptional(),
  experimental_network: table.exactOptional(),
  hooks: table.exactOptional(),
  mcp_servers: table.exactOptional(),
  permissions: table.exactOptional(),
  plugins: table.exactOptional(),
  windows: table.exactOptional(),
});
