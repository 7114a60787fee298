import { readFileSync } from "node:fs";

/** What git prints and what diffs say, with what is to be read from it. */
export const vectors: {
  readonly apply_output: readonly {
    readonly name: string;
    readonly input: { readonly stdout: string; readonly stderr: string };
    readonly expected: {
      readonly applied: readonly string[];
      readonly skipped: readonly string[];
      readonly conflicted: readonly string[];
    };
  }[];
  readonly patch_paths: readonly {
    readonly name: string;
    readonly input: string;
    readonly expected: readonly string[];
  }[];
} = JSON.parse(readFileSync(new URL("../vectors/git-apply-output.json", import.meta.url), "utf8"));
