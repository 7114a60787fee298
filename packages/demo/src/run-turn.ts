import { type Provider, ResponsesClient } from "@codex-ts/api";
import type { AuthProvider } from "@codex-ts/auth-provider";
import type { Transport } from "@codex-ts/client";
import type { RateLimitSnapshot, ResponsesRequest } from "@codex-ts/protocol";
import { rateLimitBars, usageBars } from "./bars.js";
import { logRequests, type PrintLine } from "./wire-log.js";

/** One turn and where it is shown. */
export interface TurnOptions {
  readonly transport: Transport;
  readonly provider: Provider;
  readonly auth: AuthProvider;
  readonly model: string;
  readonly prompt: string;
  /** Receives the text piece by piece, as it arrives, and whole lines around it. */
  readonly write: (text: string) => void;
  /** Set when the wire is to be shown. */
  readonly printWire?: PrintLine | undefined;
}

/** Streams one turn and shows its text while it arrives, then what it used and what is left. */
export async function runTurn({
  transport,
  provider,
  prompt,
  model,
  write,
  printWire,
  ...options
}: TurnOptions): Promise<void> {
  const auth = printWire === undefined ? options.auth : logRequests(options.auth, printWire);
  const client = new ResponsesClient({ transport, provider, auth });
  const limits: RateLimitSnapshot[] = [];

  const stream = await client.stream(turnRequest(model, prompt));
  for await (const event of stream) {
    printWire?.(`◄ ${event.type}`);
    if (event.type === "output_text_delta") write(event.delta);
    if (event.type === "rate_limits") limits.push(event.snapshot);
  }

  write(`\n\nresponse       ${stream.responseId ?? "unnamed"}, request ${stream.requestId ?? "unnamed"}\n`);
  if (stream.usage !== null) write(`${usageBars(stream.usage).join("\n")}\n`);
  for (const line of limits.flatMap((snapshot) => rateLimitBars(snapshot, new Date()))) write(`${line}\n`);
}

function turnRequest(model: string, prompt: string): ResponsesRequest {
  return {
    model,
    instructions: "You are a terse assistant.",
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text: prompt }] }],
    tool_choice: "auto",
    parallel_tool_calls: false,
    reasoning: null,
    store: false,
    stream: true,
    include: [],
  };
}
