import { createTransport } from "@codex-ts/client";
import { AccountClient, BackendClient, WorkspaceRouter } from "../../src/index.js";
import { endpoints } from "./endpoints.js";
import { TestLogin } from "./test-login.js";

// Ends calls in every way and then does nothing. The process ends only if nothing is left behind: the transport is not
// closed, and a rejection that nobody handles ends it with an error.
const options = {
  transport: createTransport({ env: {} }),
  baseUrl: process.argv[2] ?? "",
  auth: new TestLogin(),
};
const client = new BackendClient(options);
const router = new WorkspaceRouter(options);
const account = new AccountClient(options);
const calls = [
  ...Object.values(endpoints).map((call) => call.bind(undefined, client)),
  router.resolve.bind(router),
  account.readUsage.bind(account),
];

await Promise.allSettled(calls.map((call) => call({ timeoutMs: 60_000 })));
for (const call of calls) {
  const controller = new AbortController();
  // Some are too quick to be ended by either.
  const leaving = [call({ signal: controller.signal, timeoutMs: 60_000 }), call({ timeoutMs: 1 })];
  setImmediate(() => controller.abort());
  await Promise.allSettled(leaving);
}
process.stdout.write("left");
