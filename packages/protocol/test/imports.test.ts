import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("importing the package loads nothing but itself", () => {
  expect(importsOf("src/index.ts").packages).toEqual([]);
});

test("importing the schemas loads zod, and the same parser as the package", () => {
  const { packages, files } = importsOf("src/schemas/index.ts");
  expect(packages).toEqual(["zod"]);
  expect(files).toContain(new URL("../src/items/parse-response-item.ts", import.meta.url).href);
});

/** Follows the imports that are left at run time. */
function importsOf(entry: string): {
  readonly packages: readonly string[];
  readonly files: readonly string[];
} {
  const packages = new Set<string>();
  const files = new Set([new URL(`../${entry}`, import.meta.url).href]);
  for (const file of files) {
    for (const specifier of specifiersIn(readFileSync(new URL(file), "utf8"))) {
      if (specifier.startsWith(".")) files.add(new URL(specifier.replace(/\.js$/, ".ts"), file).href);
      else packages.add(specifier);
    }
  }
  return { packages: [...packages], files: [...files] };
}

function specifiersIn(source: string): readonly string[] {
  const statements = source.matchAll(
    /^(?:import|export) (?!type )(?:[^;"]*? from )?"([^"]+)";|\bimport\("([^"]+)"\)/gm,
  );
  return [...statements].flatMap(([, from, dynamic]) => from ?? dynamic ?? []);
}
