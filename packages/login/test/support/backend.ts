import { type Backend, type BackendOptions, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import type { LoginEnvironment } from "../../src/index.js";

/** A backend of one test, closed when that is over. */
export async function backendOfTest(options?: BackendOptions): Promise<Backend> {
  const backend = await startBackend(options);
  onTestFinished(() => backend.close());
  return backend;
}

/** What makes Agent Identities register and verify at a local backend. */
export function agentIdentityAt(backend: Backend): { chatgptBaseUrl: string; environment: LoginEnvironment } {
  return {
    chatgptBaseUrl: backend.urls.chatgpt,
    environment: {
      agentIdentityAuthApiBaseUrl: backend.urls.authApi,
      agentIdentityJwksBaseUrl: backend.urls.chatgpt,
    },
  };
}

/** How often the backend was asked for what. */
export function countOf(backend: Backend, path: string | RegExp): number {
  return backend.requests.filter((request) =>
    typeof path === "string" ? request.path.endsWith(path) : path.test(request.path),
  ).length;
}
