import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";
import type { ProviderCredential } from "./credential-source.js";

/**
 * Makes the credential of a token that is a provider's own: it says nothing of an account.
 *
 * @param origin - Where the token comes from, for messages.
 */
export function bearerCredential(token: string, origin: string): ProviderCredential {
  return {
    mode: "apikey",
    provider: bearerProvider(token, origin),
    account: { isFedramp: false, isWorkspace: false },
    usesCodexBackend: false,
  };
}

function bearerProvider(token: string, origin: string): AuthProvider {
  const fault = findFault(token.replace(trailingSpace, ""));
  return {
    addAuthHeaders(headers) {
      if (fault !== undefined) throw new AuthError(`${origin} ${fault}`, { kind: "build" });
      headers.set("authorization", `Bearer ${token}`);
    },
  };
}

// Found here, because the platform quotes the value that it refuses. White space at the end is dropped by itself.
function findFault(token: string): string | undefined {
  if (token === "") return "is empty";
  return headerValue.test(token) ? undefined : "holds a character that a header cannot carry";
}

// RFC 9110 §5.5.
const headerValue = /^[\t -~\x80-\xff]*$/;
const trailingSpace = /(?<![\t\n\r ])[\t\n\r ]+$/;
