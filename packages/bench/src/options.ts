import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  /** Benches by name, in the order given; empty for all. */
  readonly names: readonly string[];
  /** Where the JSON goes. */
  readonly json: string | undefined;
  /** Few rounds: enough to see that everything runs, too few to believe. */
  readonly quick: boolean;
}

/** Reads `[name…] [--json FILE] [--quick]`. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
  });
  return { names: positionals, json: values.json, quick: values.quick };
}
