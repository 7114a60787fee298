import { headerText, headerToken } from "./header-value.js";

/** How an answer that is held back for a check is to be shown, as the head of the response says. */
export interface SafetyTreatment {
  readonly showBufferingUi: boolean;
  readonly fasterModel: string | null;
}

/** Reads the treatment from the headers of a response. A model is offered only where the check is shown. */
export function parseSafetyTreatment(headers: Headers): SafetyTreatment {
  const showBufferingUi = headerToken(headers, "x-codex-safety-buffering-enabled")?.toLowerCase() === "true";
  const fasterModel = headerText(headers, "x-codex-safety-buffering-faster-model") ?? null;
  return { showBufferingUi, fasterModel: showBufferingUi ? fasterModel : null };
}
