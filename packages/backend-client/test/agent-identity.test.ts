import { expect, test } from "vitest";
import { AccountClient, BackendClient, WorkspaceRouter } from "../src/index.js";
import { AgentLogin } from "./support/agent-login.js";
import { startClient } from "./support/start-client.js";

test("an agent identity signs each request to the backend, and is not routed", async () => {
  const { backend, options } = await startClient();
  const auth = new AgentLogin(backend.registerAgent({ account_id: "account-7" }));
  const client = new BackendClient({ ...options, auth });
  backend.cloud.addTask({ id: "t1" });
  await client.getTask("t1");
  await client.getConfigBundle();
  await client.sendAddCreditsNudgeEmail("credits");
  expect((await client.checkAccounts()).default_account_id).toBe("account-7");
  await new AccountClient({ ...options, auth }).readRateLimits();
  expect(await new WorkspaceRouter({ ...options, auth }).resolve()).toBeUndefined();
  expect(backend.requests.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  for (const request of backend.requests)
    expect([request.auth.kind, request.headers["chatgpt-account-id"]]).toEqual([
      "agentAssertion",
      "account-7",
    ]);
});
