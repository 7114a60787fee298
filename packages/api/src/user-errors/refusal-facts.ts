import { isHtmlAnswer, type TransportError } from "@codex-ts/client";
import { headerText } from "../header-value.js";
import { isPolicyKind, type PolicyKind, policyMessage } from "../policy-message.js";
import { errorMember } from "./error-body.js";
import { identityFacts } from "./identity-facts.js";
import { limitFacts } from "./limit-facts.js";
import type { UnexpectedStatusFacts, UserErrorFacts } from "./user-error.js";

/** Finds out what it means that the server answered with this status. */
export function refusalFacts(error: TransportError): UserErrorFacts {
  const { status = 0, headers, body = "" } = error;
  const code = errorMember(body, "code");
  if (status === 503 && (code === "server_is_overloaded" || code === "slow_down"))
    return { kind: "server_overloaded" };
  if (isPolicyKind(code) && policyStatuses[code].includes(status))
    return { kind: code, message: policyMessage(code, errorMember(body, "message")) };
  if (status === 400)
    return body.includes(invalidImage)
      ? { kind: "invalid_image_request" }
      : { kind: "invalid_request", message: body };
  if (status === 500) return { kind: "internal_server_error" };
  if (status === 429 && !isChallenged(headers)) return limitFacts(headers, body);
  return unexpectedFacts(error, status, body);
}

/** Gives the text for a page that says that a whole region is blocked. */
export function blockedByCloudflare(status: number, body: string): string | undefined {
  if (status !== 403 || !body.includes("Cloudflare") || !body.includes("blocked")) return undefined;
  return "Access blocked by Cloudflare. This usually happens when connecting from a restricted region (status 403 Forbidden)";
}

const policyStatuses: Readonly<Record<PolicyKind, readonly number[]>> = {
  cyber_policy: [400],
  misalignment_policy_violation: [400, 403],
};

const invalidImage = "The image data you provided does not represent a valid image";

function unexpectedFacts(
  { headers, url }: TransportError,
  status: number,
  body: string,
): UnexpectedStatusFacts {
  const userMessage = blockedByCloudflare(status, body);
  const kind =
    userMessage === undefined && isChallenge(status, headers, body) ? "html_challenge" : "unexpected_status";
  return { kind, status, body, userMessage, url, ...identityFacts(headers) };
}

/**
 * A page that no API sends with this status: somebody in between wants to see a browser, or a login. That of a server
 * error comes from a proxy whose server is down, and may be gone the next time.
 */
function isChallenge(status: number, headers: Headers | undefined, body: string): boolean {
  if (isChallenged(headers)) return true;
  return (status < 300 || status === 401 || status === 403) && isHtmlAnswer(headers, body);
}

/** The edge network says so itself. */
function isChallenged(headers: Headers | undefined): boolean {
  return headers !== undefined && headerText(headers, "cf-mitigated") === "challenge";
}
