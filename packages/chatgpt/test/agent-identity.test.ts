import { createPrivateKey, sign } from "node:crypto";
import type { AuthProvider, AuthSource } from "@codex-ts/auth-provider";
import type { AgentRecord } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { ChatgptClient } from "../src/index.js";
import { startClient, temporaryFolder } from "./support/start-client.js";

test("two agent identities list their own connectors, signed, and share no cache", async () => {
  const { backend, options } = await startClient();
  const home = await temporaryFolder();
  const lists = ["account-1", "account-2"].map(async (accountId) => {
    backend.connectors.add({ id: "own", name: `Own of ${accountId}` }, { accountId });
    const auth = agentLogin(
      backend.registerAgent({ account_id: accountId, chatgpt_user_id: `user of ${accountId}` }),
    );
    const client = new ChatgptClient({ ...options, auth, home });
    const [own] = await client.listDirectory();
    const [cached] = (await new ChatgptClient({ ...options, auth, home }).cachedDirectory()) ?? [];
    expect(await client.arePluginsEnabled()).toBe(true);
    return [own?.name, cached?.name];
  });
  expect(await Promise.all(lists)).toEqual([
    ["Own of account-1", "Own of account-1"],
    ["Own of account-2", "Own of account-2"],
  ]);
  expect(new Set(backend.requests.map(({ auth }) => auth.kind))).toEqual(new Set(["agentAssertion"]));
});

function agentLogin(record: AgentRecord): AuthSource {
  const provider: AuthProvider = {
    addAuthHeaders(headers) {
      headers.set("authorization", `AgentAssertion ${assertion(record)}`);
      headers.set("chatgpt-account-id", record.account_id);
    },
  };
  return {
    provider,
    current: async () => ({
      mode: "agentIdentity",
      usesCodexBackend: true,
      provider,
      account: {
        accountId: record.account_id,
        userId: record.chatgpt_user_id,
        isFedramp: false,
        isWorkspace: true,
      },
    }),
  };
}

function assertion({ agent_runtime_id, agent_private_key, task_id }: AgentRecord): string {
  const timestamp = `${new Date().toISOString().slice(0, 19)}Z`;
  // Node 20 reads version 1 of PKCS#8 only; the record holds version 2.
  const pkcs8V1 = Buffer.from("302e020100300506032b657004220420", "hex");
  const seed = Buffer.from(agent_private_key, "base64").subarray(16, 48);
  const key = createPrivateKey({ key: Buffer.concat([pkcs8V1, seed]), format: "der", type: "pkcs8" });
  const signature = sign(null, Buffer.from(`${agent_runtime_id}:${task_id}:${timestamp}`), key);
  const envelope = { agent_runtime_id, signature: signature.toString("base64"), task_id, timestamp };
  return Buffer.from(JSON.stringify(envelope)).toString("base64url");
}
