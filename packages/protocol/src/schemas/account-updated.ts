import { z } from "zod";
import type { AccountUpdatedNotification } from "../account-updated.js";
import { authModes } from "../auth-mode.js";
import { parsePlanType } from "../plan-type.js";
import { orNull } from "./optional.js";

/**
 * Reads the parameters of `account/updated`. A missing member is `null`, a plan that is not known is
 * `unknown`, a mode that is not known is an issue; other members are left out.
 */
export const accountUpdatedSchema: z.ZodType<AccountUpdatedNotification> = z.object({
  authMode: orNull(z.enum(authModes)),
  planType: orNull(z.string().transform(parsePlanType)),
});
