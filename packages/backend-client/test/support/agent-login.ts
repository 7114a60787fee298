import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import type { AgentRecord } from "@codex-ts/testkit";

/** A login by Agent Identity that makes its assertions from the record alone, as the wire wants them. */
export class AgentLogin implements AuthSource {
  readonly provider: AuthProvider;
  readonly #record: AgentRecord;

  constructor(record: AgentRecord) {
    this.#record = record;
    const key = toKey(record.agent_private_key);
    this.provider = {
      addAuthHeaders(headers) {
        headers.set("authorization", `AgentAssertion ${assertion(record, key)}`);
        headers.set("chatgpt-account-id", record.account_id);
      },
    };
  }

  async current(): Promise<AuthSnapshot> {
    return {
      mode: "agentIdentity",
      provider: this.provider,
      account: { accountId: this.#record.account_id, isFedramp: false, isWorkspace: false },
      usesCodexBackend: true,
    };
  }
}

function assertion({ agent_runtime_id, task_id }: AgentRecord, key: KeyObject): string {
  const timestamp = `${new Date().toISOString().slice(0, 19)}Z`;
  const signature = sign(null, Buffer.from(`${agent_runtime_id}:${task_id}:${timestamp}`), key);
  const envelope = { agent_runtime_id, signature: signature.toString("base64"), task_id, timestamp };
  return Buffer.from(JSON.stringify(envelope)).toString("base64url");
}

/** Node 20 reads no PKCS#8 of version 2, so the seed is put into one of version 1 (RFC 8410 §7). */
function toKey(pkcs8: string): KeyObject {
  const seed = Buffer.from(pkcs8, "base64").subarray(16, 48);
  const header = Buffer.from("302e020100300506032b657004220420", "hex");
  return createPrivateKey({ key: Buffer.concat([header, seed]), format: "der", type: "pkcs8" });
}
