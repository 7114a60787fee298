import { expect, test } from "vitest";
import { agentIdentityEndpoints, openAgentIdentity } from "../src/index.js";
import { startNetwork } from "./support/network.js";

test("README example: opens a stored identity and signs a request with it", async () => {
  const { backend, transport } = await startNetwork();
  const recordFromAuthJson = backend.registerAgent({ task_id: null });
  const baseUrl = backend.urls.codex;
  const { chatgpt, authApi } = backend.urls;

  const identity = await openAgentIdentity(recordFromAuthJson, {
    transport,
    endpoints: agentIdentityEndpoints(chatgpt, { authApiBaseUrl: authApi, jwksBaseUrl: chatgpt }),
  });
  const models = await transport.execute(
    { method: "GET", url: `${baseUrl}/models?client_version=1.0.0` },
    { auth: identity.provider },
  );

  expect(models.status).toBe(200);
});
