import { createTransport, type Transport, type WebSocketTransport } from "@codex-ts/client";
import { type Backend, type BackendOptions, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import {
  ResponsesWebSocketClient,
  type ResponsesWebSocketConnection,
  type WebSocketClientOptions,
  type WebSocketConnectOptions,
} from "../../src/index.js";
import { apiKeyAuth } from "./api-key-auth.js";

/** What tests say of a client beyond its backend. */
export interface WebSocketWorldOptions {
  readonly backend?: BackendOptions;
  readonly provider?: Partial<WebSocketClientOptions["provider"]>;
  readonly auth?: WebSocketClientOptions["auth"];
  readonly telemetry?: WebSocketClientOptions["telemetry"];
  readonly connect?: WebSocketConnectOptions;
}

/** A client and the backend that it talks to. Both end with the test. */
export interface WebSocketWorld {
  readonly backend: Backend;
  readonly transport: Transport & WebSocketTransport;
  readonly client: ResponsesWebSocketClient;
}

/** Starts a backend that says nothing of its own accord in its headers, and makes a client of it. */
export async function startWebSocketWorld(options: WebSocketWorldOptions = {}): Promise<WebSocketWorld> {
  const { provider, auth = apiKeyAuth, telemetry } = options;
  const backend = await startBackend({ rateLimitHeaders: {}, ...options.backend });
  const transport = createTransport({ env: {} });
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
  });
  const client = new ResponsesWebSocketClient({
    transport,
    provider: { name: "test", baseUrl: backend.urls.openai, ...provider },
    auth,
    telemetry,
  });
  return { backend, transport, client };
}

/** The same, with an open connection. */
export async function openConnection(
  options: WebSocketWorldOptions = {},
): Promise<WebSocketWorld & { readonly connection: ResponsesWebSocketConnection }> {
  const world = await startWebSocketWorld(options);
  return { ...world, connection: await world.client.connect(options.connect) };
}

/** What the client has sent over all connections, parsed. */
export function sentMessages({ webSockets }: Backend): Record<string, unknown>[] {
  return webSockets
    .flatMap(({ messages }) => messages)
    .filter(({ from }) => from === "client")
    .map(({ text }) => JSON.parse(text) as Record<string, unknown>);
}
