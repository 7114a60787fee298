import type { SandboxFacts, UserError } from "./user-error.js";

/**
 * Gives the text of an error for a place with little room. Of a command that its sandbox ended it is the output.
 *
 * @param maxBytes - More than this is cut in the middle.
 * @returns UTF-8 text of `maxBytes`, and what says how much was cut.
 */
export function shortErrorText(error: UserError, maxBytes: number = 2048): string {
  const { facts } = error;
  return cutMiddle(facts.kind === "sandbox" ? outputOf(facts) : error.message, maxBytes);
}

function outputOf({
  timedOutAfterMs,
  exitCode,
  stdout = "",
  stderr = "",
  aggregatedOutput = "",
}: SandboxFacts): string {
  if (timedOutAfterMs !== undefined) return `error: command timed out after ${timedOutAfterMs} ms`;
  const output = aggregatedOutput || [stderr, stdout].filter((text) => text !== "").join("\n");
  return output || `command failed inside sandbox with exit code ${exitCode}`;
}

function cutMiddle(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBytes) return text;
  const half = Math.floor(maxBytes / 2);
  const head = characterStart(bytes, half, -1);
  const tail = characterStart(bytes, bytes.byteLength - half, 1);
  const removed = [...bytes.subarray(head, tail).toString()].length;
  return `${bytes.subarray(0, head)}…${removed} chars truncated…${bytes.subarray(tail)}`;
}

/** The nearest place in this direction where a character starts. */
function characterStart(bytes: Uint8Array, index: number, step: -1 | 1): number {
  let start = index;
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start += step;
  return start;
}
