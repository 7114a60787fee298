import { type PlanType, parsePlanType } from "@codex-ts/protocol";
import { AgentIdentityError } from "./errors.js";
import { asObject } from "./json-object.js";
import { type FetchJwksOptions, fetchJwks } from "./jwks.js";
import { decodeAgentIdentityJwt } from "./jwt.js";
import type { AgentIdentityClaims } from "./jwt-claims.js";
import { redactWhenPrinted } from "./private-key-redaction.js";
import { verifyAgentIdentityJwt } from "./verify-jwt.js";

/** An Agent Identity as it is stored in `auth.json`. Wire names. */
export interface AgentIdentityRecord {
  readonly agent_runtime_id: string;
  /** Standard base64 of PKCS#8, either version. A secret. */
  readonly agent_private_key: string;
  readonly account_id: string;
  readonly chatgpt_user_id: string;
  readonly email: string | null;
  readonly plan_type: PlanType | (string & {});
  readonly chatgpt_account_is_fedramp: boolean;
  /** Absent, null or blank until a task is registered. */
  readonly task_id?: string | null | undefined;
}

/**
 * Reads a stored record. An empty or missing `email` is null, a plan without a known name is `unknown`, further
 * members are ignored. The key is not looked at.
 *
 * The result shows `[redacted]` for the key when printed; serialized as JSON it is complete.
 *
 * @throws {@link AgentIdentityError} of kind `invalid_record` that names the member at fault, never its value.
 */
export function parseAgentIdentityRecord(value: unknown): AgentIdentityRecord {
  const record = asObject(value);
  if (record === undefined) throw invalidRecord("the agent identity record must be an object");
  const { chatgpt_account_is_fedramp: isFedramp } = record;
  if (typeof isFedramp !== "boolean") throw wrongMember("chatgpt_account_is_fedramp", "a boolean");
  return redactWhenPrinted({
    agent_runtime_id: readString(record, "agent_runtime_id"),
    agent_private_key: readString(record, "agent_private_key"),
    account_id: readString(record, "account_id"),
    chatgpt_user_id: readString(record, "chatgpt_user_id"),
    email: readOptionalString(record, "email") || null,
    plan_type: parsePlanType(readString(record, "plan_type")),
    chatgpt_account_is_fedramp: isFedramp,
    task_id: readOptionalString(record, "task_id"),
  });
}

/**
 * Gives a record the form that the reference writes: no email is an empty text, no task is no member. Complete
 * with the private key.
 */
export function toStoredAgentIdentityRecord(record: AgentIdentityRecord): Record<string, string | boolean> {
  const { task_id: taskId } = record;
  return {
    agent_runtime_id: record.agent_runtime_id,
    agent_private_key: record.agent_private_key,
    account_id: record.account_id,
    chatgpt_user_id: record.chatgpt_user_id,
    email: record.email ?? "",
    plan_type: parsePlanType(record.plan_type),
    chatgpt_account_is_fedramp: record.chatgpt_account_is_fedramp,
    ...(taskId === undefined || taskId === null ? undefined : { task_id: taskId }),
  };
}

/** Turns the claims of a token into a record without a task. */
export function recordFromClaims(claims: AgentIdentityClaims): AgentIdentityRecord {
  return redactWhenPrinted({
    agent_runtime_id: claims.agent_runtime_id,
    agent_private_key: claims.agent_private_key,
    account_id: claims.account_id,
    chatgpt_user_id: claims.chatgpt_user_id,
    email: claims.email,
    plan_type: parsePlanType(claims.plan_type),
    chatgpt_account_is_fedramp: claims.chatgpt_account_is_fedramp,
    task_id: null,
  });
}

/** What turning a token into a record needs. */
export interface RecordFromJwtOptions extends FetchJwksOptions {
  /** Epoch milliseconds, to tell whether the token is expired. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
}

/**
 * Verifies a token with the keys that the backend publishes, and turns it into a record. A malformed token fails
 * before anything is sent.
 *
 * @throws {@link AgentIdentityError} of kind `invalid_jwt`, `jwks` or `untrusted_jwt`.
 */
export async function recordFromJwt(
  jwt: string,
  options: RecordFromJwtOptions,
): Promise<AgentIdentityRecord> {
  const { clock = Date.now } = options;
  decodeAgentIdentityJwt(jwt);
  const jwks = await fetchJwks(options);
  return recordFromClaims(await verifyAgentIdentityJwt(jwt, jwks, new Date(clock())));
}

function readString(record: Record<string, unknown>, name: string): string {
  const value = record[name];
  if (typeof value !== "string") throw wrongMember(name, "a string");
  return value;
}

function readOptionalString(record: Record<string, unknown>, name: string): string | null {
  const value = record[name] ?? null;
  if (value !== null && typeof value !== "string") throw wrongMember(name, "a string or null");
  return value;
}

function wrongMember(name: string, expected: string): AgentIdentityError {
  return invalidRecord(`"${name}" of the agent identity record must be ${expected}`);
}

function invalidRecord(message: string): AgentIdentityError {
  return new AgentIdentityError(message, { kind: "invalid_record" });
}
