import type { AuthMode } from "./auth-mode.js";
import type { PlanType } from "./plan-type.js";

/** Parameters of the notification `account/updated`: who is logged in now. */
export interface AccountUpdatedNotification {
  /** The precise mode; `null`: nobody is logged in. */
  readonly authMode: AuthMode | null;
  /** `null` without a login and for logins without a plan, such as an API key. */
  readonly planType: PlanType | null;
}
