import { readFileSync } from "node:fs";

/** The version of this package. `0.0.0` when a bundler has taken the code out of it. */
export function packageVersion(): string {
  const { name, version } = readPackage();
  return name === "@codex-ts/mcp-apps" && version !== undefined ? version : "0.0.0";
}

function readPackage(): { readonly name?: string; readonly version?: string } {
  try {
    // The same path from src and from dist.
    return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  } catch {
    return {};
  }
}
