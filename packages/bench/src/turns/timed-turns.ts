import { ResponsesWebSocketClient } from "@codex-ts/api";
import { unauthenticated } from "@codex-ts/auth-provider";
import type { ResponseItem } from "@codex-ts/protocol";
import { makeHistory, requestWith, type TurnsInput, type TurnsOutcome } from "./history.ts";
import { memoryWebSocket } from "./memory-websocket.ts";

/**
 * Takes turns over one connection, each with the whole history, and measures what asking for them costs: finding what is
 * new, and writing it as JSON.
 *
 * @param prepare - Makes the list that a turn is asked with; its time does not count.
 */
export async function timeTurns(
  { items, turns }: TurnsInput,
  prepare: (history: readonly ResponseItem[]) => readonly ResponseItem[],
): Promise<TurnsOutcome> {
  const transport = memoryWebSocket();
  const provider = { name: "memory", baseUrl: "http://memory.test" };
  const connection = await new ResponsesWebSocketClient({
    transport,
    provider,
    auth: unauthenticated,
  }).connect();
  const history = makeHistory(items);
  let busyMs = 0;
  for (let turn = -1; turn < turns; turn += 1) {
    const request = requestWith(prepare(history));
    const startedAt = performance.now();
    const stream = await connection.stream(request);
    if (turn >= 0) busyMs += performance.now() - startedAt;
    for await (const event of stream) if (event.type === "output_item_done") history.push(event.item);
    history.push({ type: "message", role: "user", content: [{ type: "input_text", text: `Turn ${turn}` }] });
  }
  // The first one sends it all.
  const newItems = transport.sent.slice(1).reduce((sum, text) => sum + inputLength(text), 0);
  return { turns, newItems, busyMs };
}

function inputLength(text: string): number {
  return (JSON.parse(text) as { readonly input: readonly unknown[] }).input.length;
}
