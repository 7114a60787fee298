import { createTransport, type Transport } from "@codex-ts/client";
import { type Backend, type BackendOptions, type ReceivedRequest, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";

/** A backend and a transport that live until the test is over. */
export interface Network {
  readonly backend: Backend;
  readonly transport: Transport;
  /** What has arrived so far on paths that match. */
  received(path: RegExp): readonly ReceivedRequest[];
}

export const taskPath = /\/task\/register$/;
export const agentPath = /\/agent\/register$/;
export const jwksPath = /\/jwks$/;

export async function startNetwork(options: BackendOptions = {}): Promise<Network> {
  const backend = await startBackend(options);
  const transport = createTransport({ env: {} });
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
  });
  return {
    backend,
    transport,
    received: (path) => backend.requests.filter((request) => path.test(request.path)),
  };
}
