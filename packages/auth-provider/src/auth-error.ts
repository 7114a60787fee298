/** `build`: the credential is unusable as it is. `transient`: it may work when tried again. */
export type AuthErrorKind = "build" | "transient";

const brand: unique symbol = Symbol.for("@codex-ts/auth-provider.AuthError");

/** Raised when a credential cannot be put on a request. The message never holds the credential. */
export class AuthError extends Error {
  override readonly name = "AuthError";
  /** A `transient` failure is retried like a network failure, a `build` failure never. */
  readonly kind: AuthErrorKind;
  /** @internal */
  readonly [brand] = true;

  constructor(message: string, { kind, ...options }: ErrorOptions & { readonly kind: AuthErrorKind }) {
    super(message, options);
    this.kind = kind;
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isAuthError(error: unknown): error is AuthError {
  return typeof error === "object" && error !== null && brand in error;
}

/** Returns an {@link AuthError} as it is, and wraps anything else as kind `build`. */
export function toAuthError(error: unknown): AuthError {
  if (isAuthError(error)) return error;
  // The platform's refusal of a header value quotes the value, which here is the credential.
  if (error instanceof TypeError && error.message.startsWith("Headers.")) {
    return new AuthError("the credential holds a character that a header cannot carry", { kind: "build" });
  }
  return new AuthError("the credential could not be put on the request", { kind: "build", cause: error });
}
