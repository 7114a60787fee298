import { statusText } from "@codex-ts/client";
import { errorMember } from "./error-body.js";
import type { UnexpectedStatusFacts } from "./user-error.js";

/** Says what came back, and everything by which somebody else can find out why. */
export function unexpectedStatusText(facts: UnexpectedStatusFacts): string {
  const details = [
    ["url", facts.url],
    ["cf-ray", facts.cfRay],
    ["request id", facts.requestId],
    ["auth error", facts.authError],
    ["auth error code", facts.authErrorCode],
  ];
  const known = details.filter(([, value]) => value !== undefined);
  return headOf(facts) + known.map(([name, value]) => `, ${name}: ${value}`).join("");
}

function headOf({ kind, status, body, userMessage }: UnexpectedStatusFacts): string {
  if (kind === "html_challenge")
    return (
      `The server answered ${statusText(status)} with a web page instead of an API answer. ` +
      "A bot check, a proxy or a login page usually stands in between"
    );
  return userMessage ?? `unexpected status ${statusText(status)}: ${explanationOf(body)}`;
}

const maxBodyBytes = 1000;

function explanationOf(body: string): string {
  const message = errorMember(body, "message")?.trim();
  if (message !== undefined && message !== "") return message;
  return cut(body.trim()) || "Unknown error";
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBodyBytes) return text;
  // `stream` leaves out the character that the cut goes through.
  return `${new TextDecoder().decode(bytes.subarray(0, maxBodyBytes), { stream: true })}...`;
}
