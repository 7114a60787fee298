import { type ConfigBundle, isBusinessPlan, parsePlanClaim } from "@codex-ts/protocol";
import { orderedFacts, type PolicyEndpoint } from "./policy-endpoint.js";

const minuteMs = 60_000;

/** `GET …/config/requirements`, which knows one piece of requirements and nothing else. It came before the bundle. */
export const requirementsEndpoint: PolicyEndpoint = {
  path: "config/requirements",
  subject: "cloud requirements",
  refreshIntervalMs: 5 * minuteMs,
  cache: {
    fileName: "cloud-requirements-cache.json",
    hmacKey: "codex-cloud-requirements-cache-v3-064f8542-75b4-494c-a294-97d3ce597271",
    ttlMs: 30 * minuteMs,
    supportedVersion: undefined,
    refetchesInvalid: false,
    async read(value) {
      const { configRequirementsCacheSchema } = await import("@codex-ts/protocol/schemas");
      const { signed_payload: payload, signature } = configRequirementsCacheSchema.parse(value);
      const { contents, ...facts } = payload;
      return { ...facts, signature, version: undefined, bundle: toBundle(contents) };
    },
    payload: ({ version: _, ...facts }, bundle) => ({ ...orderedFacts(facts), contents: contentsOf(bundle) }),
  },
  isEligiblePlan(plan) {
    const name = parsePlanClaim(plan);
    return isBusinessPlan(name) || name === "enterprise";
  },
  async fetch(client, options) {
    const { contents } = await client.getConfigRequirements(options);
    return toBundle(contents);
  },
  invalid: {
    code: "Parse",
    prefix:
      "Cloud requirements (workspace-managed policies) are invalid and could not be parsed. " +
      "Please contact your workspace admin.\n\nDetails:\n",
  },
};

/** The one fragment there is gets a name of ours. */
function toBundle(contents: string | null): ConfigBundle {
  const fragment = { id: "cloud-requirements", name: "Cloud requirements", contents: contents ?? "" };
  return {
    config_toml: { enterprise_managed: [] },
    requirements_toml: { enterprise_managed: contents === null ? [] : [fragment] },
  };
}

function contentsOf({ requirements_toml: { enterprise_managed } }: ConfigBundle): string | null {
  return enterprise_managed[0]?.contents ?? null;
}
