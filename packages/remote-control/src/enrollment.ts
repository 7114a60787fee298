import type { Secret } from "@codex-ts/client";

/** A server as the backend knows it, with the token that it connects with. */
export interface Enrollment {
  readonly websocketUrl: string;
  readonly accountId: string;
  readonly serverId: string;
  readonly environmentId: string;
  readonly serverName: string;
  /** Held in memory only. */
  readonly token?: { readonly secret: Secret; readonly expiresAtMs: number } | undefined;
}

const refreshSkewSeconds = 30;

/** Whether the token has to be renewed before it is used: from 30 seconds before its end on. */
export function needsRefresh({ token }: Enrollment, nowMs: number): boolean {
  if (token === undefined) return true;
  return Math.floor(token.expiresAtMs / 1000) <= Math.floor(nowMs / 1000) + refreshSkewSeconds;
}

/** Whether it is the same server of the same account, whatever the token. */
export function isSameEnrollment(one: Enrollment | undefined, other: Enrollment | undefined): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.accountId === other.accountId &&
    one.serverId === other.serverId &&
    one.environmentId === other.environmentId
  );
}

export function withoutToken({ token: _token, ...enrollment }: Enrollment): Enrollment {
  return enrollment;
}
