import { z } from "zod";
import type { WorkspaceSettings } from "../workspace-settings.js";

/** Reads the answer of `GET …/accounts/<id>/settings`. */
export const workspaceSettingsSchema: z.ZodType<WorkspaceSettings> = z.object({
  beta_settings: z.record(z.string(), z.boolean()).default({}),
});
