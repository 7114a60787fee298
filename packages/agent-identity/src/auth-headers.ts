import { AuthError } from "@codex-ts/auth-provider";

/** Names of the headers that a ChatGPT account goes with, as the reference spells them. */
export const headerNames = {
  authorization: "Authorization",
  accountId: "ChatGPT-Account-ID",
  fedramp: "X-OpenAI-Fedramp",
} as const;

/**
 * Refuses a text that cannot be the value of a header: `Headers` itself lets most control characters pass and
 * trims line breaks at the ends.
 *
 * @throws AuthError of kind `build` that names the header and not the value.
 */
export function assertHeaderValue(name: string, value: string): void {
  if (!printable.test(value)) {
    throw new AuthError(`the value for the header ${name} has characters that no header may have`, {
      kind: "build",
    });
  }
}

// Visible ASCII, spaces and tabs (RFC 9110 §5.5).
const printable = /^[\t\x20-\x7e]*$/;
