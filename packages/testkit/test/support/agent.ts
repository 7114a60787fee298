import { createPrivateKey, sign } from "node:crypto";
import type { AgentRecord } from "../../src/index.js";

/** Signs like a client would, from the record alone. */
export function signAs({ agent_private_key }: AgentRecord, message: string): string {
  const pkcs8V1 = Buffer.from("302e020100300506032b657004220420", "hex");
  const seed = Buffer.from(agent_private_key, "base64").subarray(16, 48);
  const key = createPrivateKey({ key: Buffer.concat([pkcs8V1, seed]), format: "der", type: "pkcs8" });
  return sign(null, Buffer.from(message), key).toString("base64");
}

/** Now, or another instant, in the form that is signed. */
export function timestamp(now = Date.now()): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** The members of an assertion, properly signed. */
export function envelope(
  record: AgentRecord,
  at: string = timestamp(),
): { agent_runtime_id: string; signature: string; task_id: string; timestamp: string } {
  const { agent_runtime_id, task_id } = record;
  if (task_id === null) throw new Error("the record has no task");
  const signature = signAs(record, `${agent_runtime_id}:${task_id}:${at}`);
  return { agent_runtime_id, signature, task_id, timestamp: at };
}

/** The header value for an envelope. */
export function assertion(members: object): string {
  return `AgentAssertion ${Buffer.from(JSON.stringify(members)).toString("base64url")}`;
}
