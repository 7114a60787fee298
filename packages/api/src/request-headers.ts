import type { RequestHeaders } from "@codex-ts/client";

/**
 * Merges headers by name, in any case. A later source replaces what an earlier one gave.
 *
 * Values stay as they are: the transport refuses those that HTTP does not allow, before it sends anything.
 */
export function mergeHeaders(...sources: readonly (RequestHeaders | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = Object.create(null);
  for (const source of sources) {
    if (source === undefined) continue;
    for (const [name, value] of isIterable(source) ? source : Object.entries(source))
      if (value !== undefined) merged[name.toLowerCase()] = value;
  }
  return merged;
}

function isIterable(headers: RequestHeaders): headers is Iterable<readonly [string, string]> {
  return Symbol.iterator in headers;
}
