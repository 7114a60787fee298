/**
 * What was wrong. `invalid_item`: a conversation item, or a part of one, does not have the shape its `type`
 * promises; drop it, or fail the call it came with. `invalid_value`: a single value, such as a reasoning
 * effort, is not allowed; correct the input.
 */
export type ProtocolErrorKind = "invalid_item" | "invalid_value";

const brand: unique symbol = Symbol.for("@codex-ts/protocol.ProtocolError");

/**
 * Raised when data does not have the promised shape. The message names the member and the expectation and
 * never quotes the text of an item, which may be private.
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly kind: ProtocolErrorKind;
  /** Where the mismatch is, such as `content[2].detail`; empty for the value itself. */
  readonly path: string;
  /** What was expected there, such as `a string`. */
  readonly expected: string;
  /** What was there instead, such as `a number` or `nothing`. */
  readonly found: string;
  /** @internal */
  readonly [brand] = true;

  constructor(
    message: string,
    {
      kind,
      path = "",
      expected = "",
      found = "",
      ...options
    }: ErrorOptions & {
      readonly kind: ProtocolErrorKind;
      readonly path?: string | undefined;
      readonly expected?: string | undefined;
      readonly found?: string | undefined;
    },
  ) {
    super(message, options);
    this.kind = kind;
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isProtocolError(error: unknown): error is ProtocolError {
  return typeof error === "object" && error !== null && brand in error;
}
