import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { AgentRecord } from "../agent-record.js";

/**
 * Writes an identity in the form of auth.json, readable by its owner only, also when the file existed with another
 * mode. A task id of null is left out: the client then registers its own.
 */
export async function writeAuthFile(path: string, { task_id, ...identity }: AgentRecord): Promise<void> {
  const agent_identity = task_id === null ? identity : { ...identity, task_id };
  const text = JSON.stringify({ auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity }, null, 2);
  const temporary = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
