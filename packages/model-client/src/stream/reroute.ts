import type { ModelReroutedEvent, WarningEvent } from "./turn-event.js";

/** What a user is told when another model answers than was asked. Case does not make another model. */
export function rerouteEvents(
  asked: string,
  answering: string,
): readonly [] | [ModelReroutedEvent, WarningEvent] {
  if (asked.toLowerCase() === answering.toLowerCase()) return [];
  return [
    { type: "model_rerouted", from: asked, to: answering, reason: "high_risk_cyber_activity" },
    { type: "warning", reason: "model_rerouted", message: warning },
  ];
}

// The text, model names included, is what the server's operators want users to read.
const warning =
  "Your account was flagged for potentially high-risk cyber activity and this request was routed to gpt-5.2 as a fallback. To regain access to gpt-5.3-codex, apply for trusted access: https://chatgpt.com/cyber or learn more: https://developers.openai.com/codex/concepts/cyber-safety";
