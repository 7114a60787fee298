import { readFileSync } from "node:fs";

/** Reads a JSON file of this package. */
export function loadJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
}
