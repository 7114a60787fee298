import type { McpAppsError } from "../errors.js";

/** Pauses before the second and the third try, in milliseconds. */
const delaysMs = [250, 1000];

/** A server that asks for a longer pause is not waited for: the limit of the start would elapse, and hide the reason. */
const maxRetryAfterMs = 10_000;

const methods: ReadonlySet<string> = new Set(["initialize", "notifications/initialized", "tools/list"]);
const statuses: ReadonlySet<number | undefined> = new Set([408, 429, 500, 502, 503, 504]);

/** Tells whether a method does nothing that must not be done twice. */
export function isRetriedMethod(method: string | undefined): boolean {
  return method !== undefined && methods.has(method);
}

/** Tells whether another try may meet another status. */
export function isRetriedStatus(status: number | undefined): boolean {
  return statuses.has(status);
}

/** The pause before the next try in milliseconds, or nothing when the failure is final. */
export function retryDelayMs(failure: McpAppsError, attempt: number): number | undefined {
  const delayMs = delaysMs[attempt];
  if (delayMs === undefined || !isTransient(failure)) return undefined;
  const { retryAfterMs = 0 } = failure;
  return retryAfterMs > maxRetryAfterMs ? undefined : Math.max(delayMs, retryAfterMs);
}

function isTransient({ kind, status }: McpAppsError): boolean {
  if (kind === "network" || kind === "stream_cut" || kind === "timeout") return true;
  return (kind === "http" || kind === "html") && isRetriedStatus(status);
}
