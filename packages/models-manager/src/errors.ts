/**
 * Why a list was not fetched, where no other error says it.
 *
 * - `login_changed`: somebody else signed in meanwhile, so the list was thrown away.
 * - `timeout`: the provider did not answer in time, retries included.
 */
export type ModelsManagerErrorKind = "login_changed" | "timeout";

const brand: unique symbol = Symbol.for("@codex-ts/models-manager.ModelsManagerError");

/** Told to {@link ModelsTelemetry.onRefreshFailure}, and thrown to nobody. */
export class ModelsManagerError extends Error {
  override readonly name = "ModelsManagerError";
  readonly kind: ModelsManagerErrorKind;
  /** @internal */
  declare readonly [brand]: true;

  constructor(
    message: string,
    { kind, ...options }: ErrorOptions & { readonly kind: ModelsManagerErrorKind },
  ) {
    super(message, options);
    this.kind = kind;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isModelsManagerError(error: unknown): error is ModelsManagerError {
  return typeof error === "object" && error !== null && brand in error;
}
