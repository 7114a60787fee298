import { headerText, headerToken } from "../header-value.js";
import { requestIdOf } from "../request-id.js";
import { errorMember } from "./error-body.js";

/** What the headers of a refusal say about who was refused, and why. */
export interface IdentityFacts {
  readonly requestId: string | undefined;
  readonly cfRay: string | undefined;
  readonly authError: string | undefined;
  readonly authErrorCode: string | undefined;
}

/** Reads the headers by which a refusal can be traced. Without headers nothing is known. */
export function identityFacts(headers: Headers | undefined): IdentityFacts {
  return {
    requestId: headers && requestIdOf(headers),
    cfRay: headers && headerToken(headers, "cf-ray"),
    authError: headers && headerText(headers, "x-openai-authorization-error"),
    authErrorCode: headers && errorCodeOf(headerText(headers, "x-error-json")),
  };
}

/** The code in an error that was put into a header as padded base64. */
function errorCodeOf(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, "base64");
  // The decoder forgives what is no base64.
  return bytes.toString("base64") === encoded ? errorMember(bytes.toString(), "code") : undefined;
}
