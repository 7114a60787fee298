import { TransportError } from "./errors.js";
import { headerEntries } from "./redaction.js";
import type { RequestHeaders } from "./request.js";

/** Headers of a request under way: lower-case name to value. Cheaper than `Headers`, which validates and sorts. */
export type HeaderFields = Map<string, string>;

/**
 * Checks headers and copies them. Values of a repeated name are joined, as RFC 9110 §5.3 allows.
 *
 * @throws {@link TransportError} of kind `build`, which names the header and never shows its value.
 */
export function toHeaderFields(headers: RequestHeaders | undefined): HeaderFields {
  const fields: HeaderFields = new Map();
  if (headers === undefined) return fields;
  for (const [name, value] of headerEntries(headers)) {
    const lowerCase = checkedName(name);
    checkValue(lowerCase, value);
    const earlier = fields.get(lowerCase);
    fields.set(lowerCase, earlier === undefined ? value : `${earlier}${separator(lowerCase)}${value}`);
  }
  return fields;
}

/** Adds the headers to the fields; same-named ones are replaced. Checks them as {@link toHeaderFields} does. */
export function replaceHeaderFields(
  fields: HeaderFields,
  headers: Iterable<readonly [string, string]>,
): void {
  for (const [name, value] of headers) {
    const lowerCase = checkedName(name);
    checkValue(lowerCase, value);
    fields.set(lowerCase, value);
  }
}

// RFC 9110 §5.6.2 token, in lower case.
const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// RFC 9110 §5.5: visible characters, blank, tab and the upper half of Latin-1.
const forbiddenInValue = /[^\t\x20-\x7e\x80-\xff]/;
// They frame the message or steer the connection, so the transport decides about them.
const ownedByTransport: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

function checkedName(name: string): string {
  const lowerCase = name.toLowerCase();
  if (!token.test(lowerCase)) throw invalidHeader(`the header name ${JSON.stringify(name)} is not a token`);
  if (ownedByTransport.has(lowerCase))
    throw invalidHeader(`the header "${lowerCase}" is set by the transport`);
  return lowerCase;
}

function checkValue(name: string, value: string): void {
  if (typeof value !== "string") throw invalidHeader(`the value of header "${name}" is not a string`);
  if (!forbiddenInValue.test(value)) return;
  throw invalidHeader(`the value of header "${name}" holds a control character or one outside Latin-1`);
}

function separator(name: string): string {
  return name === "cookie" ? "; " : ", ";
}

function invalidHeader(message: string): TransportError {
  return new TransportError(message, { kind: "build", code: "invalid_header" });
}
