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
