import type { TransportResponse } from "@codex-ts/client";
import { ApiError } from "./api-error.js";
import { requestIdOf } from "./request-id.js";

/** An answer that was read whole. */
export type WholeAnswer = Pick<TransportResponse, "body" | "headers">;

/**
 * Parses the body of an answer.
 *
 * @param failed - Put in front of the reason, such as `failed to decode search response`.
 * @throws {@link ApiError} of kind `stream`, code `invalid_answer`.
 */
export function parseAnswer(answer: WholeAnswer, failed: string | undefined): unknown {
  const text = decodeUtf8(answer.body);
  if (text === undefined) throw invalidAnswer(answer, failed, "the answer is not UTF-8");
  const parsed = parseJson(text);
  if (parsed === undefined) throw invalidAnswer(answer, failed, "the answer is not JSON");
  return parsed.value;
}

/** The error for an answer that is not what was promised. */
export function invalidAnswer(answer: WholeAnswer, failed: string | undefined, reason: string): ApiError {
  return new ApiError(failed === undefined ? reason : `${failed}: ${reason}`, {
    kind: "stream",
    code: "invalid_answer",
    requestId: requestIdOf(answer.headers),
  });
}

// Neither failure is worth keeping: that of the JSON parser quotes the text, which may be anything.

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
