import { createPublicKey, verify } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Backend } from "@codex-ts/testkit";

type AgentRecord = ReturnType<Backend["registerAgent"]>;

/** Credentials that the server accepts, and whose they are. */
export class Credentials {
  /** Bearer token to account id. */
  readonly tokens = new Map<string, string>();
  readonly #agents = new Map<string, AgentRecord>();

  addAgent(record: AgentRecord): void {
    this.#agents.set(record.agent_runtime_id, record);
  }

  /** The account that a request may speak for; nothing, if its credential is not genuine. */
  accountOf(headers: IncomingHttpHeaders): string | undefined {
    const [, scheme, value = ""] = /^(\S+) (\S+)$/.exec(headers.authorization ?? "") ?? [];
    const account = scheme === "Bearer" ? this.tokens.get(value) : this.#asserted(scheme, value);
    const named = headers["chatgpt-account-id"];
    return account !== undefined && (named === undefined || named === account) ? account : undefined;
  }

  #asserted(scheme: string | undefined, value: string): string | undefined {
    if (scheme !== "AgentAssertion") return undefined;
    const { agent_runtime_id, signature, task_id, timestamp } = JSON.parse(
      Buffer.from(value, "base64url").toString(),
    );
    const record = this.#agents.get(agent_runtime_id);
    if (record === undefined || record.task_id !== task_id) return undefined;
    if (Math.abs(Date.now() - Date.parse(timestamp)) > 300_000) return undefined;
    const signed = Buffer.from(`${agent_runtime_id}:${task_id}:${timestamp}`);
    const isGenuine = verify(null, signed, publicKeyOf(record), Buffer.from(signature, "base64"));
    return isGenuine ? record.account_id : undefined;
  }
}

/** The public half is at the end of version 2 of PKCS#8. */
function publicKeyOf({ agent_private_key }: AgentRecord) {
  const point = Buffer.from(agent_private_key, "base64").subarray(-32);
  const prefix = Buffer.from("302a300506032b6570032100", "hex");
  return createPublicKey({ key: Buffer.concat([prefix, point]), format: "der", type: "spki" });
}
