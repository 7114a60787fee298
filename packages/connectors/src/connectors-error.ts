/** Why something cannot be read. */
export type ConnectorsErrorKind = "invalid_plugin_apps";

const brand: unique symbol = Symbol.for("@codex-ts/connectors.ConnectorsError");

/** Thrown when a file is not what it has to be. */
export class ConnectorsError extends Error {
  override readonly name = "ConnectorsError";
  readonly kind: ConnectorsErrorKind;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, ...options }: ErrorOptions & { readonly kind: ConnectorsErrorKind }) {
    super(message, options);
    this.kind = kind;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isConnectorsError(error: unknown): error is ConnectorsError {
  return typeof error === "object" && error !== null && brand in error;
}
