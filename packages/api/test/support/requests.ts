import { type AuthProvider, unauthenticated } from "@codex-ts/auth-provider";
import type { Transport } from "@codex-ts/client";
import type { ResponsesRequest } from "@codex-ts/protocol";
import { type Provider, ResponsesClient, type StreamTelemetry } from "../../src/index.js";

/** The shortest request that says something. */
export const helloRequest: ResponsesRequest = {
  model: "gpt-test",
  instructions: "Be brief.",
  input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hello" }] }],
  tools: [],
  tool_choice: "auto",
  parallel_tool_calls: false,
  reasoning: null,
  store: false,
  stream: true,
  include: [],
};

/** What tests say of a client beyond its transport. */
export interface TestClientOptions {
  readonly provider?: Partial<Provider>;
  readonly auth?: AuthProvider;
  readonly telemetry?: StreamTelemetry;
}

/** Makes a client whose provider nobody has to spell out. */
export function testClient(
  transport: Transport,
  { provider, auth = unauthenticated, telemetry }: TestClientOptions = {},
): ResponsesClient {
  return new ResponsesClient({
    transport,
    provider: { name: "test", baseUrl: "https://api.example.test/v1", ...provider },
    auth,
    telemetry,
  });
}
