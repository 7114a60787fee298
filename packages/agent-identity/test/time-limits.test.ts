import { Secret, type Transport } from "@codex-ts/client";
import { expect, test } from "vitest";
import {
  agentBillOfMaterials,
  fetchJwks,
  generateAgentKey,
  registerAgent,
  registerTask,
} from "../src/index.js";
import { startNetwork } from "./support/network.js";

test("a task has 30 s, an agent 15 s and a key set 10 s for each attempt", async () => {
  const { backend, transport } = await startNetwork();
  const limits: (number | undefined)[] = [];
  const observed: Transport = {
    stream: transport.stream.bind(transport),
    close: transport.close.bind(transport),
    [Symbol.asyncDispose]: transport[Symbol.asyncDispose].bind(transport),
    execute(request, options) {
      limits.push(request.timeoutMs);
      return transport.execute(request, options);
    },
  };
  const { authApi: authApiBaseUrl, chatgpt: chatgptBaseUrl } = backend.urls;
  const key = generateAgentKey();
  const { agentRuntimeId } = await registerAgent({
    transport: observed,
    authApiBaseUrl,
    key,
    auth: new Secret("access-token-test"),
    abom: agentBillOfMaterials({ agentVersion: "1.2.3" }),
  });
  await registerTask({ transport: observed, authApiBaseUrl, key, agentRuntimeId });
  await fetchJwks({ transport: observed, chatgptBaseUrl });
  expect(limits).toEqual([15_000, 30_000, 10_000]);
});
