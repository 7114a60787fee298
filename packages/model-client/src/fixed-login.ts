import type { AuthProvider, AuthSource } from "@codex-ts/auth-provider";

/** Makes a login of a credential of which nothing more is known, and which never becomes another. */
export function fixedLogin(mode: string, provider: AuthProvider): AuthSource {
  const snapshot = {
    mode,
    provider,
    account: { isFedramp: false, isWorkspace: false },
    usesCodexBackend: false,
  };
  return { provider, current: () => Promise.resolve(snapshot) };
}
