/**
 * Tells whether a header can carry a value: no line breaks, and nothing beyond Latin-1 (RFC 9110 §5.5). Asking the
 * platform would put the value, which may be a secret, in its error.
 */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
