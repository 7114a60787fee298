/** A rule of the service that a request broke. Also the server's code for it. */
export type PolicyKind = "cyber_policy" | "misalignment_policy_violation";

/** Gives the server's explanation, or the usual one if that is missing or blank. */
export function policyMessage(kind: PolicyKind, message: string | null | undefined): string {
  return message == null || message.trim() === "" ? usualMessages[kind] : message;
}

/** Tells whether a code of the server is a kind of these. */
export function isPolicyKind(code: string | undefined): code is PolicyKind {
  return code !== undefined && Object.hasOwn(usualMessages, code);
}

const usualMessages: Readonly<Record<PolicyKind, string>> = {
  cyber_policy: "This request has been flagged for possible cybersecurity risk.",
  misalignment_policy_violation: "This request was blocked due to a misalignment policy violation.",
};
