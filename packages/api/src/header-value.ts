/** Gives a response header. A value with anything but visible ASCII, blanks and tabs counts as missing. */
export function headerText(headers: Headers, name: string): string | undefined {
  const value = headers.get(name);
  return value !== null && visibleAscii.test(value) ? value : undefined;
}

/**
 * Gives a response header whose value holds no comma of its own, such as a number or an id. When the server repeats
 * the header the first value counts; `Headers` has joined them by then.
 */
export function headerToken(headers: Headers, name: string): string | undefined {
  return headerText(headers, name)?.split(", ", 1)[0];
}

const visibleAscii = /^[\t\x20-\x7e]*$/;
