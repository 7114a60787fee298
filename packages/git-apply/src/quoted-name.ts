const escapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "\\": 92,
};

/**
 * Reads a name that git put in quotes because it holds characters out of the ordinary. Octal escapes are bytes of
 * UTF-8. Text that is not in quotes comes back as it is.
 */
export function unquoteName(text: string): string {
  const quoted = readQuoted(text);
  return quoted === undefined || quoted.rest !== "" ? text : quoted.name;
}

/** Reads a name in quotes from the beginning of a text, and tells what follows it. */
export function readQuoted(text: string): { readonly name: string; readonly rest: string } | undefined {
  const [quoted] = /^"(?:[^"\\]|\\.)*"/s.exec(text) ?? [];
  if (quoted === undefined) return undefined;
  const bytes: number[] = [];
  for (const [part, octal, letter] of quoted.slice(1, -1).matchAll(/\\([0-3][0-7]{2})|\\(.)|[^\\]+/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter === undefined) bytes.push(...Buffer.from(part));
    else bytes.push(...(letter in escapes ? [escapes[letter] ?? 0] : Buffer.from(part)));
  }
  return { name: Buffer.from(bytes).toString("utf8"), rest: text.slice(quoted.length) };
}
