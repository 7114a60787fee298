import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";

/** What a bearer credential puts on a request. */
export interface BearerCredential {
  readonly token: string;
  readonly accountId?: string | undefined;
  /** @defaultValue false */
  readonly isFedramp?: boolean | undefined;
}

/** Makes the provider that sends a token, and beside it the account it belongs to. */
export function bearerProvider(credential: BearerCredential): AuthProvider {
  return new BearerProvider(credential);
}

class BearerProvider implements AuthProvider {
  readonly #authorization: string;
  readonly #accountId: string | undefined;
  readonly #isFedramp: boolean;
  readonly #fault: string | undefined;

  constructor({ token, accountId, isFedramp = false }: BearerCredential) {
    this.#authorization = `Bearer ${token}`;
    this.#accountId = accountId;
    this.#isFedramp = isFedramp;
    this.#fault = findFault(token, accountId);
  }

  addAuthHeaders(headers: Headers): void {
    if (this.#fault !== undefined) throw new AuthError(this.#fault, { kind: "build" });
    headers.set("authorization", this.#authorization);
    if (this.#accountId !== undefined) headers.set("chatgpt-account-id", this.#accountId);
    if (this.#isFedramp) headers.set("x-openai-fedramp", "true");
  }
}

// Found here, because the platform quotes the value that it refuses.
function findFault(token: string, accountId: string | undefined): string | undefined {
  if (token === "") return "the token is empty; sign in again";
  if (!headerValue.test(token))
    return "the token holds a character that a header cannot carry; sign in again";
  if (accountId !== undefined && !headerValue.test(accountId)) {
    return "the account id holds a character that a header cannot carry; sign in again";
  }
  return undefined;
}

// RFC 9110 §5.5, without the white space around it that the platform would drop.
const headerValue = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/;
