/** Which enrolment: never that of another account, backend or kind of host. */
export interface EnrollmentKey {
  readonly websocketUrl: string;
  readonly accountId: string;
  /** Name of the client that the host itself serves, or empty. */
  readonly clientName: string;
}

/** What is kept of an enrolment between two runs. Never the token. */
export interface StoredEnrollment {
  readonly serverId: string;
  readonly environmentId: string;
  readonly serverName: string;
  /** Whether remote control was switched on for good. `null`: nobody has said. */
  readonly isEnabled: boolean | null;
  /** Unix seconds. */
  readonly updatedAt: number;
}

/** Keeps enrolments. {@link EnrollmentFiles} keeps them in files. */
export interface EnrollmentStore {
  /** Reads an enrolment. Rejects when that is not possible; nothing means that there is none. */
  load(key: EnrollmentKey): Promise<StoredEnrollment | undefined>;
  /** Keeps an enrolment in place of the one before. */
  save(key: EnrollmentKey, enrollment: StoredEnrollment): Promise<void>;
}
