import { createTransport, type Transport, type TransportOptions } from "@codex-ts/client";
import { type Backend, type BackendOptions, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import type { ApiClientOptions } from "../../src/index.js";
import { apiKeyAuth } from "./api-key-auth.js";

/** A backend, and what clients of it are made from: an API key that it accepts, and no retries. */
export interface EndpointBackend {
  readonly backend: Backend;
  readonly transport: Transport;
  readonly options: ApiClientOptions;
}

/** Starts a backend that ends with the test. */
export async function startEndpointBackend(
  backendOptions?: BackendOptions,
  transportOptions?: TransportOptions,
): Promise<EndpointBackend> {
  const backend = await startBackend(backendOptions);
  // Nothing of this machine's environment reaches the tests.
  const transport = createTransport({ env: {}, ...transportOptions });
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
  });
  const provider = {
    name: "test",
    baseUrl: backend.urls.openai,
    retry: { maxAttempts: 0, baseDelayMs: 1, on429: false, on5xx: true, onTransport: true },
  };
  return { backend, transport, options: { transport, provider, auth: apiKeyAuth } };
}

/** Has the backend answer the next request to a path with this body. */
export function answerWith(backend: Backend, path: string, body: string | Uint8Array, headers = {}): void {
  backend.fault({ kind: "status", status: 200, path, body, headers });
}
