import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import type { AuthProvider, AuthRejection, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import type { Backend } from "@codex-ts/testkit";

type AgentRecord = ReturnType<Backend["registerAgent"]>;

/** A login that can be exchanged for another one. Its live provider must never be what signs. */
export class SwitchableLogin implements AuthSource {
  snapshot: AuthSnapshot | undefined;
  readonly rejections: AuthRejection[] = [];
  /** What becomes of a 401. */
  onRejection: (rejection: AuthRejection) => boolean = () => false;

  constructor(snapshot: AuthSnapshot | undefined) {
    this.snapshot = snapshot;
  }

  readonly provider: AuthProvider = {
    addAuthHeaders: (headers) => this.snapshot?.provider.addAuthHeaders(headers),
    recover: async (rejection) => {
      this.rejections.push(rejection);
      return this.onRejection(rejection);
    },
  };

  async current(): Promise<AuthSnapshot | undefined> {
    return this.snapshot;
  }
}

/** The reading of an Agent Identity: each request gets an assertion of its own. */
export function agentLogin(record: AgentRecord): AuthSnapshot {
  const key = importSeed(record.agent_private_key);
  return {
    mode: "agentIdentity",
    usesCodexBackend: true,
    account: {
      accountId: record.account_id,
      userId: record.chatgpt_user_id,
      isFedramp: false,
      isWorkspace: false,
    },
    agentIdentity: { agentId: record.agent_runtime_id, taskId: record.task_id ?? "" },
    provider: {
      addAuthHeaders(headers) {
        headers.set("authorization", `AgentAssertion ${assertion(record, key)}`);
        headers.set("chatgpt-account-id", record.account_id);
      },
    },
  };
}

/** The reading of a login with a bearer token. */
export function bearerLogin(token: string, facts: Partial<AuthSnapshot> = {}): AuthSnapshot {
  return {
    mode: "chatgpt",
    usesCodexBackend: true,
    account: { accountId: "account-test", userId: "user-test", isFedramp: false, isWorkspace: false },
    provider: {
      addAuthHeaders(headers) {
        headers.set("authorization", `Bearer ${token}`);
        headers.set("chatgpt-account-id", facts.account?.accountId ?? "account-test");
      },
    },
    ...facts,
  };
}

function assertion({ agent_runtime_id, task_id }: AgentRecord, key: KeyObject): string {
  const timestamp = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const signature = sign(null, Buffer.from(`${agent_runtime_id}:${task_id}:${timestamp}`), key);
  const envelope = { agent_runtime_id, signature: signature.toString("base64"), task_id, timestamp };
  return Buffer.from(JSON.stringify(envelope)).toString("base64url");
}

/** Node 20 reads version 1 of PKCS#8 only. */
function importSeed(pkcs8: string): KeyObject {
  const seed = Buffer.from(pkcs8, "base64").subarray(16, 48);
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
}
