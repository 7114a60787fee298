import { createTransport } from "@codex-ts/client";
import { type Backend, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { CloudTasksClient, type CloudTasksClientOptions } from "../../src/index.js";
import { TestLogin } from "./test-login.js";

/** A client and the backend that it talks to over real sockets. Both end with the test. */
export interface TestClient {
  readonly backend: Backend;
  readonly login: TestLogin;
  readonly client: CloudTasksClient;
  /** The client's own options, to make others from. */
  readonly options: CloudTasksClientOptions;
}

/** Starts a backend and makes a client of it. */
export async function startClient(): Promise<TestClient> {
  const backend = await startBackend();
  // Nothing of this machine's environment reaches the tests.
  const transport = createTransport({ env: {} });
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
  });
  const login = new TestLogin();
  const { chatgpt, origin } = backend.urls;
  const options = { transport, baseUrl: chatgpt, auth: login, allowedOrigins: [origin] };
  return { backend, login, client: new CloudTasksClient(options), options };
}

/** Has the backend answer the next request to a path with this, whatever it is. */
export function answerWith(backend: Backend, path: RegExp, body: unknown): void {
  backend.fault({ kind: "status", status: 200, path, body: JSON.stringify(body) });
}

/** What was asked of the backend so far. */
export function requestLines(backend: Backend): string[] {
  return backend.requests.map(({ method, path }) => `${method} ${path}`);
}
