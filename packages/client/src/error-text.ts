import type { TransportError } from "./errors.js";
import { statusText } from "./reason-phrases.js";

/**
 * Renders an error as the reference client displays it: `http 401 Unauthorized: Some("…")`,
 * `network error: …`, `request build error: …`, `timeout`, `retry limit reached`.
 *
 * The text of an `http` error holds the body of the answer. Use `message` for logs.
 */
export function transportErrorText(error: TransportError): string {
  switch (error.kind) {
    case "http":
      return `http ${statusText(error.status ?? 0)}: ${optionText(error.body)}`;
    case "network":
      return `network error: ${error.detail ?? error.message}`;
    case "build":
      return `request build error: ${error.detail ?? error.message}`;
    case "timeout":
      return "timeout";
    case "retry_limit":
      return "retry limit reached";
    case "aborted":
      return "aborted";
  }
}

function optionText(text: string | undefined): string {
  return text === undefined ? "None" : `Some("${text.replace(escaped, escapeCharacter)}")`;
}

// Rust's `Debug` of a string: quotes, backslashes, everything that does not print, and combining marks.
const escaped = /["\\\p{C}\p{Z}\p{Grapheme_Extend}]/gu;
const shortEscapes: ReadonlyMap<string, string> = new Map([
  [" ", " "],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\0", "\\0"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
]);

function escapeCharacter(character: string): string {
  return shortEscapes.get(character) ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
