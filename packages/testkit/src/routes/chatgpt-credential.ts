import type { RecordedRequest } from "../recorded-request.js";
import { Refusal } from "../refusal.js";

/** @throws {@link Refusal} 403 for an API key, which is good for model calls only. */
export function demandChatgpt({ auth }: RecordedRequest, what: string): void {
  if (auth.kind === "bearer" && auth.credential === "apiKey")
    throw new Refusal(`${what} not there for API keys`, { status: 403, code: "chatgpt_auth_required" });
}
