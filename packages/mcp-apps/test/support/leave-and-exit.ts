import { createTransport } from "@codex-ts/client";
import { codexAppsServer, connectCodexApps } from "../../src/index.js";
import { bearerLogin, SwitchableLogin } from "./logins.js";

// Leaves a connection while it is made, while calls are under way, and when the login is gone, and then does nothing.
// The process ends only if nothing is left behind: the transport is not closed, and a rejection that nobody handles ends
// it with an error.
const [, , origin = ""] = process.argv;
const server = codexAppsServer({ chatgptBaseUrl: `${origin}/backend-api`, allowedOrigins: [origin] });
const account = { accountId: "acct-1", isFedramp: false, isWorkspace: false };
const auth = new SwitchableLogin(bearerLogin("token-1", { account }));
let onAnswered: () => void = () => {};
const transport = createTransport({
  env: {},
  telemetry: { onRequest: ({ method }) => method === "POST" && onAnswered() },
});
const tool = { namespace: "codex_apps", name: "find" };

const early = await connectCodexApps({ transport, auth, server });
await early.close();

for (const way of ["close", "abort", "logout"]) {
  const apps = await connectCodexApps({ transport, auth, server });
  await apps.ready();
  const controller = new AbortController();
  const isAnswered = new Promise<void>((resolve) => {
    onAnswered = resolve;
  });
  // What comes is the beginning of an answer, and nothing more.
  const calling = apps.callTool(tool, {}, { signal: controller.signal }).catch(() => {});
  await isAnswered;
  if (way === "logout") auth.snapshot = undefined;
  if (way === "logout") await apps.listTools().catch(() => {});
  if (way === "abort") controller.abort();
  if (way === "close") await apps.close();
  await calling;
  if (way === "abort") await apps.close();
}
process.stdout.write("left");
