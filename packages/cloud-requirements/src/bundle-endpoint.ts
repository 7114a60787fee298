import { type ConfigSection, isBusinessPlan, parsePlanClaim } from "@codex-ts/protocol";
import { orderedFacts, type PolicyEndpoint } from "./policy-endpoint.js";

const minuteMs = 60_000;

/** Plans that have come after those that `protocol` knows by name. */
const newPlans: ReadonlySet<string> = new Set(["ent26", "enterprise_cbp_automation"]);

/** `GET …/config/bundle`. */
export const bundleEndpoint: PolicyEndpoint = {
  path: "config/bundle",
  subject: "cloud config bundle",
  refreshIntervalMs: 15 * minuteMs,
  cache: {
    fileName: "cloud-config-bundle-cache.json",
    hmacKey: "codex-cloud-config-bundle-cache-v1-6160ae70-bcfd-4ca8-a99b-40f73b3b072e",
    ttlMs: 60 * minuteMs,
    supportedVersion: 1,
    refetchesInvalid: true,
    async read(value) {
      const { configBundleCacheSchema } = await import("@codex-ts/protocol/schemas");
      const { signed_payload: payload, signature } = configBundleCacheSchema.parse(value);
      return { ...payload, signature };
    },
    payload: ({ version, ...facts }, { config_toml, requirements_toml }) => ({
      version,
      ...orderedFacts(facts),
      bundle: { config_toml: ordered(config_toml), requirements_toml: ordered(requirements_toml) },
    }),
  },
  isEligiblePlan(plan) {
    const name = parsePlanClaim(plan);
    return isBusinessPlan(name) || name === "enterprise" || name === "edu" || newPlans.has(name);
  },
  fetch: (client, options) => client.getConfigBundle(options),
  invalid: { code: "InvalidBundle", prefix: "invalid cloud config bundle: " },
};

function ordered(section: ConfigSection): ConfigSection {
  return {
    enterprise_managed: section.enterprise_managed.map(({ id, name, contents }) => ({ id, name, contents })),
  };
}
