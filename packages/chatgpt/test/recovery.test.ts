import { expect, test } from "vitest";
import { startClient } from "./support/start-client.js";
import { personal, workspace } from "./support/test-login.js";

test("ten parallel calls that meet a 401 make one recovery, and all succeed", async () => {
  const { backend, login, client } = await startClient(workspace);
  backend.connectors.add({ id: "mail", name: "Mail" });
  backend.connectors.setWorkspaceSettings("account-w", { beta_settings: { enable_plugins: false } });
  const task = backend.cloud.addTask();
  login.expiredToken = "expired";
  const calls: readonly (() => Promise<unknown>)[] = [
    () => client.listDirectory({ forceRefetch: true }),
    () => client.listConnectors({ accessible: [], forceRefetch: true }),
    () => client.lookUpApps(["mail"]),
    () => client.arePluginsEnabled(),
    () => client.getTask(task.id),
  ];
  const answers = await Promise.all([...calls, ...calls].map((call) => call()));
  expect(login.renewals).toBe(1);
  expect(answers.slice(0, 5)).toMatchObject([
    [{ id: "mail" }],
    [{ id: "mail" }],
    { apps: [{ id: "mail" }], missingIds: [] },
    false,
    { current_diff_task_turn: {} },
  ]);
  expect(answers.slice(5)).toEqual(answers.slice(0, 5));
  expect(backend.requests.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(10);
});

test("when nothing can be renewed, the refusal is the answer", async () => {
  const { backend, client, login } = await startClient(personal);
  backend.fault({ kind: "unauthorized", path: "/list", times: Number.POSITIVE_INFINITY });
  await expect(client.listDirectory()).rejects.toMatchObject({
    kind: "status",
    status: 401,
    requestId: expect.stringMatching(/./),
  });
  expect(login.renewals).toBe(0);
  expect(backend.requests).toHaveLength(1);
});
