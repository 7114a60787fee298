import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@codex-ts/atomic-file";
import type { RemoteControlEnrollmentRow } from "@codex-ts/protocol";
import type { EnrollmentKey, EnrollmentStore, StoredEnrollment } from "./enrollment-store.js";

/** Why a file was not used. */
export interface IgnoredFileReport {
  readonly path: string;
  /** `foreign`: it belongs to another account, backend or host. `invalid`: it is torn, or of another shape. */
  readonly reason: "foreign" | "invalid";
  /** For people: what is wrong with it. */
  readonly detail: string;
}

/** How files are dealt with. */
export interface EnrollmentFilesOptions {
  /** Told of a file that is there and of no use. It counts as missing, and is replaced by the next enrolment. */
  readonly onIgnored?: ((report: IgnoredFileReport) => void) | undefined;
}

/**
 * Keeps each enrolment in a file of its own in a folder, readable by the owner alone. The name of the file follows from
 * the key, and the file repeats the key, so that it is never taken for another's.
 */
export class EnrollmentFiles implements EnrollmentStore {
  readonly #folder: string;
  readonly #onIgnored: EnrollmentFilesOptions["onIgnored"];

  /** @param folder - Made when it is first needed. */
  constructor(folder: string, { onIgnored }: EnrollmentFilesOptions = {}) {
    if (typeof folder !== "string" || folder === "") throw new TypeError('"folder" must be a path');
    this.#folder = folder;
    this.#onIgnored = onIgnored;
  }

  /** Where an enrolment is kept. */
  pathOf({ websocketUrl, accountId, clientName }: EnrollmentKey): string {
    const name = createHash("sha256").update(JSON.stringify([websocketUrl, accountId, clientName]));
    return join(this.#folder, `${name.digest("hex").slice(0, 32)}.json`);
  }

  /** @throws The system's error when there is a file that cannot be read. */
  async load(key: EnrollmentKey): Promise<StoredEnrollment | undefined> {
    const path = this.pathOf(key);
    const text = await readText(path);
    if (text === undefined) return undefined;
    const row = await parseRow(text);
    if (typeof row === "string") {
      this.#onIgnored?.({ path, reason: "invalid", detail: row });
      return undefined;
    }
    const strange = foreignMember(row, key);
    if (strange !== undefined) {
      this.#onIgnored?.({ path, reason: "foreign", detail: `${strange} is another one` });
      return undefined;
    }
    return {
      serverId: row.server_id,
      environmentId: row.environment_id,
      serverName: row.server_name,
      isEnabled: row.remote_control_enabled,
      updatedAt: row.updated_at,
    };
  }

  /** @throws The system's error. The file is then as it was. */
  async save(key: EnrollmentKey, enrollment: StoredEnrollment): Promise<void> {
    const row: RemoteControlEnrollmentRow = {
      websocket_url: key.websocketUrl,
      account_id: key.accountId,
      app_server_client_name: key.clientName,
      server_id: enrollment.serverId,
      environment_id: enrollment.environmentId,
      server_name: enrollment.serverName,
      updated_at: enrollment.updatedAt,
      remote_control_enabled: enrollment.isEnabled,
    };
    await replaceFile(this.pathOf(key), `${JSON.stringify(row, null, 2)}\n`);
  }

  /** Forgets an enrolment, for hosts that clean up after a logout. The backend is not told. */
  async remove(key: EnrollmentKey): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Gives the row, or says what is wrong with it. */
async function parseRow(text: string): Promise<RemoteControlEnrollmentRow | string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  const { remoteControlEnrollmentRowSchema } = await import("@codex-ts/protocol/schemas");
  const { data, error } = remoteControlEnrollmentRowSchema.safeParse(value);
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  return `${issue?.path.map(String).join(".") || "it"} is not as it should be`;
}

function foreignMember(row: RemoteControlEnrollmentRow, key: EnrollmentKey): string | undefined {
  if (row.account_id !== key.accountId) return "account_id";
  if (row.websocket_url !== key.websocketUrl) return "websocket_url";
  return row.app_server_client_name === key.clientName ? undefined : "app_server_client_name";
}
