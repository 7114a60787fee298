import { expect, test } from "vitest";
import { startBackend } from "../src/index.js";

test("README example", async () => {
  await using backend = await startBackend();
  backend.script("Hello from the test backend.");
  backend.fault({ kind: "rate_limit", retryAfter: "0" }); // hits the first request only

  const ask = () =>
    fetch(`${backend.urls.openai}/responses`, {
      method: "POST",
      headers: { authorization: "Bearer sk-test", "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-5.5", stream: true, input: [{ role: "user", content: "Hi" }] }),
    });
  expect((await ask()).status).toBe(429);
  expect(await (await ask()).text()).toContain('"text":"Hello from the test backend."');
  expect(backend.requests.map(({ status, auth }) => [status, auth.kind])).toEqual([
    [429, "bearer"],
    [200, "bearer"],
  ]);
});

test("README example: the Codex backend", async () => {
  await using backend = await startBackend();

  backend.cloud.pollsUntilReady = 2; // a new task is ready when it is asked for the third time
  backend.cloud.addEnvironment({ id: "env-2", label: "Docs", repositories: ["github/acme/docs"] });
  const task = backend.cloud.addTask({ prompt: "Fix it", attempts: 3 });
  backend.cloud.finish(task.id, { diff: "diff --git …", messages: ["Done."] });
  backend.managedConfig.setFragments({ requirements: ['allowed_sandbox_modes = ["read-only"]'] });
  backend.account.usage.addResetCredits(1);

  const headers = { authorization: "Bearer access-token-test" };
  const get = (path: string): Promise<string> =>
    fetch(`${backend.urls.chatgpt}/wham${path}`, { headers }).then((response) => response.text());
  expect(await get(`/tasks/${task.id}`)).toContain("diff --git …");
  expect(await get("/environments/by-repo/github/acme/docs")).toContain("Docs");
  expect(await get("/config/bundle")).toContain("read-only");
  expect(await get("/usage")).toContain('"available_count":1');
});
