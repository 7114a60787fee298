import { z } from "zod";
import type {
  ConfigBundle,
  ConfigFragment,
  ConfigRequirements,
  ConfigSection,
} from "../backend/managed-config.js";
import { orNull, withDefault } from "./optional.js";

const fragmentSchema: z.ZodType<ConfigFragment> = z.object({
  id: z.string(),
  name: z.string(),
  contents: z.string(),
});

const sectionSchema: z.ZodType<ConfigSection> = withDefault<ConfigSection>(
  z.object({ enterprise_managed: withDefault<readonly ConfigFragment[]>(z.array(fragmentSchema), []) }),
  { enterprise_managed: [] },
);

/** Reads the answer of `GET …/config/bundle`. */
export const configBundleSchema: z.ZodType<ConfigBundle> = z.object({
  config_toml: sectionSchema,
  requirements_toml: sectionSchema,
});

/** Reads the answer of `GET …/config/requirements`. */
export const configRequirementsSchema: z.ZodType<ConfigRequirements> = z.object({
  contents: orNull(z.string()),
  sha256: orNull(z.string()),
  updated_at: orNull(z.string()),
  updated_by_user_id: orNull(z.string()),
});
