import { createTransport } from "@codex-ts/client";
import { ResponsesWebSocketClient } from "../../src/index.js";
import { apiKeyAuth as auth } from "./api-key-auth.js";
import { openAndLeave, pointsToLeave, waysToLeave } from "./ways-to-leave.js";

// Leaves responses in every way and then does nothing. The process ends only if nothing is left behind: the transport
// is not closed, and a rejection that nobody handles ends it with an error.
const baseUrl = process.argv[2] ?? "";
const transport = createTransport({ env: {} });
const client = new ResponsesWebSocketClient({ transport, provider: { name: "test", baseUrl }, auth });

for (const leave of waysToLeave.values())
  for (const point of pointsToLeave)
    await openAndLeave(await client.connect(), { leave, point, controller: new AbortController() });
await (await client.connect({ pingIntervalMs: 1000 })).close();
process.stdout.write("left");
