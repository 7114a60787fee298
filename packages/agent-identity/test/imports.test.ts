import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../src/", import.meta.url);
const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));

function collect(pattern: RegExp): string[] {
  const found = sources.flatMap((source) => [...source.matchAll(pattern)].map((match) => match[1] ?? ""));
  return [...new Set(found)].filter((name) => !name.startsWith(".")).sort();
}

test("loading the package loads no cipher and no JWT library", () => {
  expect(collect(/^(?:import|export) [^;]*?from "([^"]+)"/gm)).toEqual([
    "@codex-ts/auth-provider",
    "@codex-ts/client",
    "@codex-ts/protocol",
    "node:crypto",
    "node:util",
  ]);
});

test("they are loaded when they are needed", () => {
  expect(collect(/\bimport\("([^"]+)"\)/g)).toEqual([
    "@noble/ciphers/salsa.js",
    "@noble/curves/ed25519.js",
    "@noble/hashes/blake2.js",
    "jose",
  ]);
});
