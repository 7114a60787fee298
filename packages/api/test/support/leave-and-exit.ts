import { createTransport } from "@codex-ts/client";
import { apiKeyAuth } from "./api-key-auth.js";
import { testClient } from "./requests.js";
import { openAndLeave, pointsToLeave, waysToLeave } from "./ways-to-leave.js";

// Leaves streams in every way and then does nothing. The process ends only if nothing is left behind: the transport
// is not closed, and a rejection that nobody handles ends it with an error.
const baseUrl = process.argv[2] ?? "";
const client = testClient(createTransport({ env: {} }), { provider: { baseUrl }, auth: apiKeyAuth });

for (const leave of waysToLeave.values())
  for (const point of pointsToLeave)
    await openAndLeave(client, { leave, point, controller: new AbortController() });
process.stdout.write("left");
