import { expect, test } from "vitest";
import { startAppsServer } from "./support/apps-server.js";
import { connect } from "./support/connected.js";

test.each([false, true])("lists and calls tools of a real server, JSON answers: %s", async (jsonAnswers) => {
  const server = await startAppsServer({ jsonAnswers });
  const apps = await connect(server);

  const tools = await apps.listTools();
  expect(tools).toMatchObject([
    {
      namespace: "codex_apps",
      name: "acct_1_find",
      description: "Finds in acct-1",
      namespaceDescription: "Use apps.",
      info: { tool: { name: "acct-1_find" }, server_origin: server.origin },
    },
  ]);
  const result = await apps.callTool(
    { namespace: "codex_apps", name: "acct_1_find" },
    { q: 1 },
    { callId: "call_1" },
  );
  expect(JSON.parse(String(result.content[0]?.["text"]))).toEqual({
    name: "acct-1_find",
    arguments: { q: 1 },
    _meta: { _codex_apps: { call_id: "call_1" } },
    account: "acct-1",
  });
  expect(apps.status).toBe("ready");
  await apps.close();

  expect(server.calls.map(({ account }) => account)).toEqual(server.calls.map(() => "acct-1"));
  expect(server.asked.filter((call) => call !== "GET")).toEqual([
    "POST initialize",
    "POST notifications/initialized",
    "POST tools/list",
    "POST tools/call",
    "DELETE",
  ]);
  expect(server.asked).toContain("GET");
});
