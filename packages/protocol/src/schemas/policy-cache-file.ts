import { z } from "zod";
import type {
  ConfigBundleCachePayload,
  ConfigRequirementsCachePayload,
  PolicyCacheFile,
} from "../policy-cache-file.js";
import { orNull } from "./optional.js";

const facts = {
  cached_at: z.string(),
  expires_at: z.string(),
  chatgpt_user_id: orNull(z.string()),
  account_id: orNull(z.string()),
  base_url: orNull(z.string()),
};

// Unlike in an answer of the backend, nothing of a cached bundle may be missing.
const section = z.object({
  enterprise_managed: z.array(z.object({ id: z.string(), name: z.string(), contents: z.string() })),
});

/** Reads `cloud-config-bundle-cache.json`. */
export const configBundleCacheSchema: z.ZodType<PolicyCacheFile<ConfigBundleCachePayload>> = z.object({
  signed_payload: z.object({
    version: z.uint32(),
    ...facts,
    bundle: z.object({ config_toml: section, requirements_toml: section }),
  }),
  signature: z.string(),
});

/** Reads `cloud-requirements-cache.json`. */
export const configRequirementsCacheSchema: z.ZodType<PolicyCacheFile<ConfigRequirementsCachePayload>> =
  z.object({
    signed_payload: z.object({ ...facts, contents: orNull(z.string()) }),
    signature: z.string(),
  });
