import { statusText, type Transport, type TransportResponse } from "@codex-ts/client";
import type { AgentKey } from "./agent-key.js";
import { registrationProof } from "./assertion.js";
import { taskRegistrationUrl } from "./endpoints.js";
import { AgentIdentityError } from "./errors.js";
import { parseJsonObject } from "./json-object.js";
import { registrationFailure, retryRegistration } from "./registration.js";
import { openSealedTaskId } from "./sealed-task-id.js";

const timeoutMs = 30_000;
const shownBodyLength = 512;

/** What a task registration needs. */
export interface RegisterTaskOptions {
  readonly transport: Transport;
  /** From {@link agentIdentityEndpoints}. */
  readonly authApiBaseUrl: string;
  readonly key: AgentKey;
  readonly agentRuntimeId: string;
  /** Epoch milliseconds. The timestamp of each attempt comes from it. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Registers a task for a registered agent: proves by signature that the key is at hand, and gets a task id.
 *
 * Three attempts of 30 s each for 429, 5xx and a server that cannot be reached; any other failure is final at
 * once. No credential is sent. A task id that comes encrypted is opened with the key.
 *
 * @throws {@link AgentIdentityError} of kind `task_registration` or `sealed_task_id`, and the transport's own
 * error of kind `aborted` when `signal` fires.
 */
export function registerTask(options: RegisterTaskOptions): Promise<string> {
  return retryRegistration("agent task registration", () => attempt(options));
}

async function attempt(options: RegisterTaskOptions): Promise<string> {
  const { transport, authApiBaseUrl, key, agentRuntimeId, clock = Date.now, signal } = options;
  const epochMs = clock();
  const url = taskRegistrationUrl(authApiBaseUrl, agentRuntimeId);
  const body = { json: registrationProof(key, agentRuntimeId, epochMs) };
  let response: TransportResponse;
  try {
    response = await transport.execute({ method: "POST", url, body, timeoutMs }, { signal });
  } catch (error) {
    throw registrationFailure(error, "task_registration", texts, epochMs);
  }
  return readTaskId(key, response.text());
}

const texts = {
  unreachable: "failed to register agent task",
  refused: (status: number, body: string | undefined): string => {
    const text = `agent task registration failed with status ${statusText(status)}`;
    return body === undefined || body === "" ? text : `${text}: ${shorten(body)}`;
  },
  unreadable: "failed to decode agent task registration response",
};

async function readTaskId(key: AgentKey, text: string): Promise<string> {
  const answer = parseJsonObject(text);
  if (answer === undefined) throw decodeError(texts.unreadable);
  // All four are checked before one is taken: a wrong type anywhere fails the answer.
  const plain = readOptionalString(answer, "task_id");
  const plainCamelCase = readOptionalString(answer, "taskId");
  const sealed = readOptionalString(answer, "encrypted_task_id");
  const sealedCamelCase = readOptionalString(answer, "encryptedTaskId");
  const taskId = plain ?? plainCamelCase;
  if (taskId !== undefined) return taskId;
  const sealedTaskId = sealed ?? sealedCamelCase;
  if (sealedTaskId === undefined) throw decodeError("agent task registration response omitted task id");
  return await openSealedTaskId(key, sealedTaskId);
}

function readOptionalString(answer: Record<string, unknown>, name: string): string | undefined {
  const value = answer[name] ?? undefined;
  if (value !== undefined && typeof value !== "string") throw decodeError(texts.unreadable);
  return value;
}

function decodeError(message: string): AgentIdentityError {
  return new AgentIdentityError(message, { kind: "task_registration" });
}

// The limit is in bytes and the cut in characters, as in the reference.
function shorten(body: string): string {
  if (Buffer.byteLength(body) <= shownBodyLength) return body;
  return `${Array.from(body).slice(0, shownBodyLength).join("")}...`;
}
