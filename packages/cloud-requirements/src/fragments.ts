import type { ConfigFragment } from "@codex-ts/protocol";
import { InvalidTomlError, parseToml, type TomlTable } from "./toml.js";

/** Which fragment something comes from. */
export interface FragmentSource {
  readonly id: string;
  /** As the administrators call it; for people. */
  readonly name: string;
}

/** Which file a fragment is a part of. */
export type FragmentKind = "config" | "requirements";

/** A fragment that has been read. */
export interface ParsedFragment {
  readonly source: FragmentSource;
  readonly contents: string;
  readonly table: TomlTable;
}

/** Says which fragment is of no use, and why. The message quotes nothing of its contents. */
export class InvalidFragmentError extends Error {
  override readonly name = "InvalidFragmentError";
}

/**
 * Reads fragments, in their order.
 *
 * @throws {@link InvalidFragmentError}
 */
export async function parseFragments(
  kind: FragmentKind,
  fragments: readonly ConfigFragment[],
): Promise<ParsedFragment[]> {
  return await Promise.all(
    fragments.map(async ({ id, name, contents }) => ({
      source: { id, name },
      contents,
      table: await parseFragment(kind, { id, name }, contents),
    })),
  );
}

/** A fragment that is TOML, but not what it has to be. */
export function invalidFragment(
  kind: FragmentKind,
  source: FragmentSource,
  reason: string,
): InvalidFragmentError {
  return new InvalidFragmentError(`invalid cloud ${kind} fragment ${describe(source)}: ${reason}`);
}

async function parseFragment(
  kind: FragmentKind,
  source: FragmentSource,
  contents: string,
): Promise<TomlTable> {
  try {
    return await parseToml(contents);
  } catch (error) {
    if (!(error instanceof InvalidTomlError)) throw error;
    const failed = `failed to parse cloud ${kind} fragment ${describe(source)}`;
    throw new InvalidFragmentError(`${failed}: ${error.message}`, { cause: error });
  }
}

const maxNameLength = 100;

/** `Base (frag_1)`. Both come from the backend, and a line break in them would forge lines of a log. */
function describe({ id, name }: FragmentSource): string {
  return `${printable(name)} (${printable(id)})`;
}

function printable(text: string): string {
  const cut = text.length > maxNameLength ? `${text.slice(0, maxNameLength)}…` : text;
  return cut.replaceAll(/[\p{Cc}\u2028\u2029]/gu, "\uFFFD");
}
