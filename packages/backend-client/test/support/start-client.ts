import { createTransport, type Transport } from "@codex-ts/client";
import { type Backend, type BackendOptions, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { BackendClient, type BackendClientOptions } from "../../src/index.js";
import { TestLogin } from "./test-login.js";

/** A client and the backend that it talks to over real sockets. Both end with the test. */
export interface TestClient {
  readonly backend: Backend;
  readonly transport: Transport;
  readonly login: TestLogin;
  readonly client: BackendClient;
  /** The client's own options, to make others from. */
  readonly options: BackendClientOptions & { readonly auth: TestLogin };
}

/** Starts a backend and makes a client of it. */
export async function startClient(
  options: Partial<BackendClientOptions> = {},
  backendOptions: BackendOptions = {},
): Promise<TestClient> {
  const backend = await startBackend(backendOptions);
  // Nothing of this machine's environment reaches the tests.
  const transport = createTransport({ env: {} });
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
  });
  const login = new TestLogin();
  const all = { transport, baseUrl: backend.urls.chatgpt, ...options, auth: login };
  return { backend, transport, login, client: new BackendClient(all), options: all };
}
