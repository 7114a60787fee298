import { builtInProviders, type ModelProvider } from "@codex-ts/model-provider";
import type { ModelInfo } from "@codex-ts/protocol";
import { type Backend, type BackendOptions, modelInfo, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { type CodexOptions, createCodex, type ModelClient, type TurnEvent } from "../../src/index.js";

/** What tests say of a client and its backend. */
export interface WorldOptions extends CodexOptions {
  readonly backend?: BackendOptions;
  /** Facts of the provider, in place of those of `openai` at the test backend. */
  readonly facts?: Partial<ModelProvider>;
}

/** A client and the backend that it talks to. Both end with the test. */
export interface World {
  readonly backend: Backend;
  readonly client: ModelClient;
}

/** Everything that waits is short here. */
const quick = { retryBaseDelayMs: 1 } as const;

/** For what happens by itself, however long the machine takes for it. */
export const patient = { timeout: 30_000 } as const;

/** A model that supports whatever there is. */
export function testModel(overrides: object = {}): ModelInfo {
  return modelInfo("gpt-test", { default_reasoning_summary: "none", ...overrides }) as ModelInfo;
}

/** Starts a backend, and makes a client with an API key that talks to it. */
export async function startWorld({ backend: backendOptions, ...options }: WorldOptions = {}): Promise<World> {
  const backend = await startBackend({ rateLimitHeaders: {}, ...backendOptions });
  onTestFinished(() => backend.close());
  return { backend, client: clientOf(backend, options) };
}

/** Makes another client of the same backend. */
export function clientOf(
  backend: Backend,
  { facts, ...options }: Omit<WorldOptions, "backend"> = {},
): ModelClient {
  const client = createCodex({
    auth: "sk-test",
    model: testModel(),
    environment: {},
    network: { env: {} },
    provider: testProvider(backend, facts),
    ...quick,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** OpenAI's own provider, at the test backend. */
function testProvider(backend: Backend, facts: Partial<ModelProvider> = {}): ModelProvider {
  const provider = builtInProviders({ clientVersion: "1.2.3", environment: {} }).get("openai");
  if (provider === undefined) throw new Error("no provider");
  return { ...provider, baseUrl: backend.urls.openai, streamIdleTimeoutMs: 20_000, ...facts };
}

/** Reads a stream to its end. */
export async function readAll(stream: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** Reads a stream until it ends or fails. */
export async function readOutcome(
  stream: AsyncIterable<TurnEvent>,
): Promise<{ readonly events: TurnEvent[]; readonly error: unknown }> {
  const events: TurnEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

/** What was asked over HTTP. */
export function posts(backend: Backend): Record<string, unknown>[] {
  return backend.requests
    .filter(({ method, path }) => method === "POST" && path.endsWith("/responses"))
    .map((request) => request.json() as Record<string, unknown>);
}

/** What was asked over all WebSockets. */
export function frames(backend: Backend): Record<string, unknown>[] {
  return backend.webSockets
    .flatMap(({ messages }) => messages)
    .filter(({ from }) => from === "client")
    .map(({ text }) => JSON.parse(text) as Record<string, unknown>);
}
