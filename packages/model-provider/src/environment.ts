import type { Environment } from "@codex-ts/client";

/** The variables of this process. Nothing else here reads them; whoever passes an environment bypasses them. */
export function readProviderEnvironment(): Environment {
  return process.env;
}
