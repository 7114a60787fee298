import type { RateLimitSnapshot } from "@codex-ts/protocol";

/** The newest state of each family of rate limits. */
export class RateLimitBoard {
  readonly #snapshots = new Map<string | null, RateLimitSnapshot>();

  /** In the order in which they came up. */
  get snapshots(): readonly RateLimitSnapshot[] {
    return [...this.#snapshots.values()];
  }

  /** An answer that says nothing of a family does not make it unknown again. */
  note(snapshot: RateLimitSnapshot): void {
    const { limit_id } = snapshot;
    if (this.#snapshots.has(limit_id) && saysNothing(snapshot)) return;
    this.#snapshots.set(limit_id, snapshot);
  }
}

function saysNothing({ primary, secondary, credits, individual_limit }: RateLimitSnapshot): boolean {
  return primary === null && secondary === null && credits === null && individual_limit === null;
}
