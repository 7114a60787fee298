import type { AuthVerdict } from "./auth-verdict.js";
import { Refusal } from "./refusal.js";

/** @throws {@link Refusal} 401 for a credential that is missing or not known. */
export function demandCredential(auth: AuthVerdict): void {
  if (auth.kind === "none")
    throw new Refusal("The request carries no Authorization", { status: 401, code: "missing_authorization" });
  if (auth.kind === "invalid") throw new Refusal(auth.message, { status: 401, code: auth.code });
}
