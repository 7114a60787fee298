import { createTransport, type Transport } from "@codex-ts/client";
import { type Backend, type BackendOptions, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import type { ResponsesClient } from "../../src/index.js";
import { apiKeyAuth } from "./api-key-auth.js";
import { type TestClientOptions, testClient } from "./requests.js";

/** A client and the backend that it talks to over real sockets. Both end with the test. */
export interface BackendClient {
  readonly backend: Backend;
  readonly transport: Transport;
  readonly client: ResponsesClient;
}

/** Starts a backend and makes a client of it, with an API key that it accepts and without retries. */
export async function startBackendClient({
  backendOptions,
  provider,
  auth = apiKeyAuth,
  ...options
}: TestClientOptions & { readonly backendOptions?: BackendOptions } = {}): Promise<BackendClient> {
  const backend = await startBackend(backendOptions);
  // Nothing of this machine's environment reaches the tests.
  const transport = createTransport({ env: {} });
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
  });
  const client = testClient(transport, {
    ...options,
    auth,
    provider: { baseUrl: backend.urls.openai, retry: noRetry, ...provider },
  });
  return { backend, transport, client };
}

const noRetry = { maxAttempts: 0, baseDelayMs: 1, on429: false, on5xx: false, onTransport: false };
