import { createPrivateKey, sign } from "node:crypto";
import type { AuthProvider } from "@codex-ts/auth-provider";
import type { AgentRecord } from "@codex-ts/testkit";
import type { RemoteControlAuth } from "../../src/index.js";

/** A login by an agent identity, which signs each request by itself. */
export function agentLogin(record: AgentRecord): RemoteControlAuth {
  const provider: AuthProvider = {
    addAuthHeaders(headers) {
      headers.set("authorization", assertionOf(record));
      headers.set("chatgpt-account-id", record.account_id);
    },
  };
  return {
    provider,
    current: async () => ({
      mode: "agentIdentity",
      provider,
      account: { accountId: record.account_id, isFedramp: false, isWorkspace: false },
      usesCodexBackend: true,
      agentIdentity: { agentId: record.agent_runtime_id, taskId: record.task_id ?? "" },
    }),
  };
}

function assertionOf({ agent_runtime_id, agent_private_key, task_id }: AgentRecord): string {
  const seed = Buffer.from(agent_private_key, "base64").subarray(16, 48);
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const timestamp = `${new Date().toISOString().slice(0, 19)}Z`;
  const signature = sign(
    null,
    Buffer.from(`${agent_runtime_id}:${task_id}:${timestamp}`),
    createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
  ).toString("base64");
  const members = { agent_runtime_id, signature, task_id, timestamp };
  return `AgentAssertion ${Buffer.from(JSON.stringify(members)).toString("base64url")}`;
}
