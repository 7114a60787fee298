import type { Enrollment } from "./enrollment.js";
import type { EnrollmentKey, EnrollmentStore, StoredEnrollment } from "./enrollment-store.js";
import { Mutex } from "./mutex.js";
import { isRemoteControlError, RemoteControlError } from "./remote-control-error.js";

/** The text with which everything is refused that needs a store where there is none. */
export const noStoreText = "remote control cannot be enabled because the enrollment store is unavailable";

/** Reads and changes stored enrolments, one change at a time. */
export class EnrollmentRows {
  readonly #store: EnrollmentStore | undefined;
  readonly #clock: () => number;
  readonly #writing = new Mutex();

  constructor(store: EnrollmentStore | undefined, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Whether there is a store at all. */
  get isAvailable(): boolean {
    return this.#store !== undefined;
  }

  /** @throws {@link RemoteControlError} with code `no_store`, or of kind `other` when the store fails. */
  async load(key: EnrollmentKey): Promise<StoredEnrollment | undefined> {
    const store = this.#open(
      "remote control enrollment cache unavailable because the enrollment store is disabled",
    );
    try {
      return await store.load(key);
    } catch (error) {
      throw failed("failed to load remote control enrollment", error);
    }
  }

  /**
   * Keeps an enrolment. What was said before about switching on stays.
   *
   * @param isEnabled - Kept with an enrolment that is new.
   */
  async save(key: EnrollmentKey, enrollment: Enrollment, isEnabled: true | null): Promise<void> {
    if (enrollment.accountId !== key.accountId) {
      const message = `enrollment account_id does not match expected account_id \`${key.accountId}\``;
      throw new RemoteControlError(message, { kind: "other", code: "account_changed" });
    }
    await this.#change(key, (row) => ({
      ...toRow(enrollment),
      isEnabled: row === undefined ? isEnabled : row.isEnabled,
    }));
  }

  /**
   * Keeps whether remote control is switched on.
   *
   * @returns Whether there is an enrolment to keep it with.
   */
  async setEnabled(key: EnrollmentKey, isEnabled: boolean): Promise<boolean> {
    const row = await this.#change(key, (before) => before && { ...before, isEnabled });
    return row !== undefined;
  }

  #change(
    key: EnrollmentKey,
    change: (row: StoredEnrollment | undefined) => Omit<StoredEnrollment, "updatedAt"> | undefined,
  ): Promise<StoredEnrollment | undefined> {
    const store = this.#open(
      "remote control enrollment persistence unavailable because the enrollment store is disabled",
    );
    return this.#writing.run(async () => {
      try {
        const row = change(await store.load(key));
        if (row === undefined) return undefined;
        const changed = { ...row, updatedAt: Math.floor(this.#clock() / 1000) };
        await store.save(key, changed);
        return changed;
      } catch (error) {
        throw failed("failed to persist remote control enrollment in the enrollment store", error);
      }
    });
  }

  #open(refusal: string): EnrollmentStore {
    if (this.#store !== undefined) return this.#store;
    throw new RemoteControlError(refusal, { kind: "not_found", code: "no_store" });
  }
}

function toRow({
  serverId,
  environmentId,
  serverName,
}: Enrollment): Omit<StoredEnrollment, "isEnabled" | "updatedAt"> {
  return { serverId, environmentId, serverName };
}

function failed(what: string, error: unknown): RemoteControlError {
  if (isRemoteControlError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new RemoteControlError(`${what}: ${reason}`, { kind: "other", cause: error });
}
