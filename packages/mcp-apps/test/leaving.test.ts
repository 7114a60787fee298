import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startAppsServer } from "./support/apps-server.js";
import { connect, openTransport } from "./support/connected.js";
import { answerWith, events } from "./support/faults.js";

test("a process that left connections in every way ends by itself", async () => {
  const server = await startAppsServer();
  server.credentials.tokens.set("token-1", "acct-1");
  server.tools.set("acct-1", [{ name: "find", inputSchema: { type: "object" } }]);
  answerWith(server, "tools/call", events("id: 1\ndata: \n\n", "open"));
  const script = fileURLToPath(new URL("./support/leave-and-exit.ts", import.meta.url));

  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@codex-ts/source", "--import", "tsx", script, server.origin],
    { timeout: 50_000 },
  );

  expect([stdout, stderr]).toEqual(["left", ""]);
  expect(server.received("tools/call")).toHaveLength(3);
});

test("fifty calls at once, and one after the other, leave no listener and reuse connections", async () => {
  const server = await startAppsServer();
  const apps = await connect(server, { transport: openTransport() });
  await apps.ready();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning);
  process.on("warning", onWarning);
  const { signal } = new AbortController();
  const tool = { namespace: "codex_apps", name: "acct_1_find" };

  await Promise.all(Array.from({ length: 50 }, () => apps.callTool(tool, {}, { signal })));
  const sockets = server.openSockets;
  for (let call = 0; call < 20; call += 1) await apps.callTool(tool, {}, { signal });
  await new Promise(setImmediate);

  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
  expect(server.received("tools/call")).toHaveLength(70);
  expect(server.openSockets).toBeLessThanOrEqual(sockets);
});
