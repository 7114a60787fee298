import { setImmediate } from "node:timers/promises";
import { createTransport } from "@codex-ts/client";
import type { ResponseItem } from "@codex-ts/protocol";
import { ResponsesWebSocketClient } from "../../src/index.js";
import { apiKeyAuth as auth } from "./api-key-auth.js";
import { helloRequest } from "./requests.js";

// Takes a thousand turns over one connection, and writes how large the heap was before and after them.
const baseUrl = process.argv[2] ?? "";
const transport = createTransport({ env: {} });
const client = new ResponsesWebSocketClient({ transport, provider: { name: "test", baseUrl }, auth });
const connection = await client.connect();
const controller = new AbortController();

async function takeTurns(count: number): Promise<number> {
  let turns = 0;
  for (; turns < count; turns += 1) {
    const input: ResponseItem[] = [];
    for await (const event of await connection.stream(helloRequest, { signal: controller.signal }))
      if (event.type === "output_item_done") input.push(event.item);
  }
  return turns;
}

async function heapBytes(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    await setImmediate();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

await takeTurns(200);
const before = await heapBytes();
const turns = await takeTurns(1000);
const after = await heapBytes();
await connection.close();
process.stdout.write(JSON.stringify({ before, after, turns }));
