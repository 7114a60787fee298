import type { ConfigBundle } from "@codex-ts/protocol";
import type { BundleShape } from "./telemetry.js";

/** Names what a bundle holds. */
export function bundleShape(bundle: ConfigBundle | undefined): BundleShape {
  if (bundle === undefined) return "none";
  const hasConfig = bundle.config_toml.enterprise_managed.length > 0;
  const hasRequirements = bundle.requirements_toml.enterprise_managed.length > 0;
  if (hasConfig && hasRequirements) return "enterprise_config,enterprise_requirements";
  if (hasConfig) return "enterprise_config";
  return hasRequirements ? "enterprise_requirements" : "empty";
}
