import type { RateLimitSnapshot } from "@codex-ts/protocol";

/** The newest state of each family of rate limits. */
export class RateLimitBoard {
  readonly #snapshots = new Map<string | null, RateLimitSnapshot>();

  /** In the order in which they came up. */
  get snapshots(): readonly RateLimitSnapshot[] {
    return [...this.#snapshots.values()];
  }

  note(snapshot: RateLimitSnapshot): void {
    this.#snapshots.set(snapshot.limit_id, snapshot);
  }
}
