/**
 * Why a provider cannot be used.
 *
 * - `configuration`: a table or a value of the configuration cannot be.
 * - `unknown_provider`: there is no provider of that id, or none any more.
 * - `env_var`: the variable that holds its key is missing; `variable` names it.
 * - `not_logged_in`: it wants the user's login, and nobody is signed in.
 * - `unsupported_auth`: the login is of a kind that it cannot take.
 * - `aws`: Amazon Bedrock lacks its region or its credentials.
 * - `account`: the facts about the account are incomplete.
 */
export type ModelProviderErrorKind =
  | "account"
  | "aws"
  | "configuration"
  | "env_var"
  | "not_logged_in"
  | "unknown_provider"
  | "unsupported_auth";

/** Facts about a failure. None of them is a secret. */
export interface ModelProviderErrorOptions extends ErrorOptions {
  readonly kind: ModelProviderErrorKind;
  readonly providerId?: string | undefined;
  readonly variable?: string | undefined;
  readonly instructions?: string | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/model-provider.ModelProviderError");

/** Thrown when a provider cannot be used as it is configured. None is worth trying again. */
export class ModelProviderError extends Error {
  override readonly name = "ModelProviderError";
  readonly kind: ModelProviderErrorKind;
  /** The provider as the configuration calls it. */
  readonly providerId: string | undefined;
  /** Of kind `env_var`: the variable that is missing. */
  readonly variable: string | undefined;
  /** Of kind `env_var`: what the configuration says about where to get a key. */
  readonly instructions: string | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(
    message: string,
    { kind, providerId, variable, instructions, ...options }: ModelProviderErrorOptions,
  ) {
    super(message, options);
    this.kind = kind;
    this.providerId = providerId;
    this.variable = variable;
    this.instructions = instructions;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isModelProviderError(error: unknown): error is ModelProviderError {
  return typeof error === "object" && error !== null && brand in error;
}
