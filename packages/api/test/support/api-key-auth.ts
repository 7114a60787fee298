import type { AuthProvider } from "@codex-ts/auth-provider";

/** The credential of `apiKeys: ["sk-test"]`, the test backend's default. */
export const apiKeyAuth: AuthProvider = {
  addAuthHeaders(headers) {
    headers.set("authorization", "Bearer sk-test");
  },
};
