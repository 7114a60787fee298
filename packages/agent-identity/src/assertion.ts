import type { AgentKey } from "./agent-key.js";
import { AgentIdentityError } from "./errors.js";

/** The task that an assertion speaks for. */
export interface AgentTaskTarget {
  readonly agentRuntimeId: string;
  readonly taskId: string;
}

/** A key together with the agent it belongs to. */
export interface AgentSigner {
  readonly key: AgentKey;
  readonly agentRuntimeId: string;
}

/**
 * Makes the value of an `Authorization` header: `AgentAssertion` and a signed envelope that names agent, task and
 * second.
 *
 * The last assertion of a key is kept: within its second, asking for the same one again costs no signature.
 *
 * @param signer - The key, or the key and its agent; with an agent, tasks of any other are refused.
 * @param now - The instant to sign. Fractions of a second are cut off.
 * @throws {@link AgentIdentityError} of kind `runtime_mismatch` for a task of another agent, and of kind `signing`
 * when `now` is no valid date or an id is not well-formed Unicode.
 */
export function agentAssertion(
  signer: AgentKey | AgentSigner,
  target: AgentTaskTarget,
  now: Date = new Date(),
): string {
  if (!("agentRuntimeId" in signer)) return assertionAt(signer, target, now.getTime());
  if (signer.agentRuntimeId !== target.agentRuntimeId) {
    throw new AgentIdentityError(
      `agent task runtime ${target.agentRuntimeId} does not match stored agent identity ${signer.agentRuntimeId}`,
      { kind: "runtime_mismatch" },
    );
  }
  return assertionAt(signer.key, target, now.getTime());
}

/** The same for an instant in epoch milliseconds. */
export function assertionAt(key: AgentKey, target: AgentTaskTarget, epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  const recent = recentAssertions.get(key);
  if (
    recent !== undefined &&
    recent.second === second &&
    recent.taskId === target.taskId &&
    recent.agentRuntimeId === target.agentRuntimeId
  ) {
    return recent.value;
  }
  const { agentRuntimeId, taskId } = target;
  const value = signAssertion(key, target, signingTimestamp(epochMs));
  recentAssertions.set(key, { agentRuntimeId, taskId, second, value });
  return value;
}

/** A signed proof that the holder of the key asks now, as task registration wants it. */
export interface RegistrationProof {
  readonly timestamp: string;
  readonly signature: string;
}

/** Signs `{agentRuntimeId}:{timestamp}`. */
export function registrationProof(key: AgentKey, agentRuntimeId: string, epochMs: number): RegistrationProof {
  const timestamp = signingTimestamp(epochMs);
  return { timestamp, signature: signText(key, `${agentRuntimeId}:${timestamp}`) };
}

// Ed25519 is deterministic, so an assertion made again within its second would be the same text. Signing costs
// about 60 µs; a server that sends thousands of requests a second saves nearly all of it.
const recentAssertions = new WeakMap<AgentKey, AgentTaskTarget & { second: number; value: string }>();

function signAssertion(
  key: AgentKey,
  { agentRuntimeId, taskId }: AgentTaskTarget,
  timestamp: string,
): string {
  const signature = signText(key, `${agentRuntimeId}:${taskId}:${timestamp}`);
  // The order of the members is that of the reference, which sorts them.
  const envelope = JSON.stringify({
    agent_runtime_id: agentRuntimeId,
    signature,
    task_id: taskId,
    timestamp,
  });
  return `AgentAssertion ${Buffer.from(envelope).toString("base64url")}`;
}

function signText(key: AgentKey, text: string): string {
  const bytes = Buffer.from(text);
  // A lone surrogate is signed as U+FFFD but written as an escape: the signature would never verify.
  if (bytes.toString() !== text) {
    throw new AgentIdentityError("an agent identity id is not well-formed Unicode", { kind: "signing" });
  }
  return Buffer.from(key.sign(bytes)).toString("base64");
}

function signingTimestamp(epochMs: number): string {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) {
    throw new AgentIdentityError("the clock shows no valid time to sign", { kind: "signing" });
  }
  return `${date.toISOString().slice(0, 19)}Z`;
}
