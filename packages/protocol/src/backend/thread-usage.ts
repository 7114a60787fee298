/** What one thread has cost so far: an entry of the answer of `POST …/usage/thread_usage/query`. */
export interface ThreadUsage {
  readonly thread_id: string;
  readonly estimated_usage_credits_micros: number;
  readonly estimated_usage_usd_micros: number | null;
  /** Parts of it, as the server groups them. */
  readonly groups: readonly Readonly<Record<string, unknown>>[];
}
