import type { ModelVerification, ResponseEvent } from "@codex-ts/protocol";
import { isJsonObject } from "./json-object.js";
import type { Payload } from "./payload.js";
import type { SafetyTreatment } from "./safety-treatment.js";

/** Finds the model that really answers, as the server reports it inside a payload of any type. */
export function serverModelOf({ headers, response }: Payload): string | undefined {
  return (isJsonObject(response) ? modelHeader(response["headers"]) : undefined) ?? modelHeader(headers);
}

/** Collects what `response.metadata` tells besides the answer itself. */
export function metadataEvents({ metadata }: Payload, events: ResponseEvent[]): void {
  if (!isJsonObject(metadata)) return;
  const verifications = toVerifications(metadata["openai_verification_recommendation"]);
  if (verifications.length > 0) events.push({ type: "model_verifications", verifications });
  if (Object.hasOwn(metadata, moderationMember))
    events.push({ type: "turn_moderation_metadata", metadata: metadata[moderationMember] });
}

/** Gives the event for an answer that is held back, or nothing if the payload's member is not of its shape. */
export function safetyBufferingEvent(
  value: unknown,
  { showBufferingUi, fasterModel }: SafetyTreatment,
): ResponseEvent | undefined {
  if (!isJsonObject(value)) return undefined;
  const { use_cases, reasons } = value;
  if (!areStrings(use_cases) || !areStrings(reasons)) return undefined;
  return {
    type: "safety_buffering",
    use_cases,
    reasons,
    show_buffering_ui: showBufferingUi,
    faster_model: fasterModel,
  };
}

const moderationMember = "openai_chatgpt_moderation_metadata";
const modelHeaderName = /^(?:x-)?openai-model$/i;

function modelHeader(headers: unknown): string | undefined {
  if (!isJsonObject(headers)) return undefined;
  for (const [name, value] of Object.entries(headers)) {
    const model = modelHeaderName.test(name) ? firstString(value) : undefined;
    if (model !== undefined) return model;
  }
  return undefined;
}

/** A header is a string, or a list of its values. Lists in lists are read alike, however deep. */
function firstString(value: unknown): string | undefined {
  let first = value;
  while (Array.isArray(first)) first = first[0];
  return typeof first === "string" ? first : undefined;
}

function toVerifications(value: unknown): ModelVerification[] {
  return Array.isArray(value) && value.includes(trustedAccess) ? [trustedAccess] : [];
}

const trustedAccess: ModelVerification = "trusted_access_for_cyber";

function areStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
