import { type CloudPolicies, noPolicies } from "./cloud-policies.js";
import type { CloudRequirementsError } from "./cloud-requirements-error.js";

type Outcome =
  /** `owner`: whose they are. Nothing for what stands for a failure. */
  | { readonly policies: CloudPolicies; readonly owner?: string }
  | { readonly error: CloudRequirementsError; readonly owner?: never };

/** The policies in force, and who wants to know when they are others. */
export class PolicyState {
  readonly #isOpen: boolean;
  readonly #readers = new Set<() => void>();
  #outcome: Outcome | undefined;
  #revision = 0;
  #isEnded = false;

  /** @param isOpen - Whether a failure stands for no policies. */
  constructor(isOpen: boolean) {
    this.#isOpen = isOpen;
  }

  /** @throws Why there are none. */
  require(): CloudPolicies {
    if (this.#outcome === undefined) throw new Error("nothing has been loaded yet");
    if ("error" in this.#outcome) throw this.#outcome.error;
    return this.#outcome.policies;
  }

  /** @param owner - Whose policies these are. */
  succeed(policies: CloudPolicies, owner: string): void {
    this.#install({ policies, owner });
  }

  /**
   * Takes the place of a failure, and of policies that are somebody else's: who is under policies must not go by those
   * of the login before. Otherwise good policies stay in force.
   *
   * @param owner - Whose policies could not be had, if that is known.
   */
  fail(error: CloudRequirementsError, owner: string | undefined): void {
    const before = this.#outcome?.owner;
    if (before !== undefined && (owner === undefined || owner === before)) return;
    const standsForNone = this.#isOpen && error.code !== "Closed";
    this.#install(standsForNone ? { policies: { ...noPolicies, origin: "unavailable", error } } : { error });
  }

  /**
   * Yields policies that take the place of others from now on. A slow reader misses those in between, and never the
   * last ones.
   */
  changes(signal: AbortSignal | undefined): AsyncIterableIterator<CloudPolicies> {
    return this.#read(this.#revision, signal);
  }

  /** Ends all iterations. */
  end(): void {
    this.#isEnded = true;
    for (const wake of this.#readers) wake();
  }

  #install(outcome: Outcome): void {
    const before = this.#outcome;
    this.#outcome = outcome;
    if (before === undefined || contents(outcome) === contents(before)) return;
    this.#revision += 1;
    for (const wake of this.#readers) wake();
  }

  async *#read(
    seen: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<CloudPolicies, void, undefined> {
    for (let last = seen; ; ) {
      if (signal?.aborted === true || this.#isEnded) return;
      const outcome = this.#outcome;
      if (this.#revision === last) {
        await this.#nextWake(signal);
      } else {
        last = this.#revision;
        if (outcome !== undefined && "policies" in outcome) yield outcome.policies;
      }
    }
  }

  async #nextWake(signal: AbortSignal | undefined): Promise<void> {
    let wake = (): void => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#readers.add(wake);
    signal?.addEventListener("abort", wake, { once: true });
    try {
      await woken;
    } finally {
      this.#readers.delete(wake);
      signal?.removeEventListener("abort", wake);
    }
  }
}

/** What makes a difference to those who are under the policies. */
function contents(outcome: Outcome): string {
  if ("error" in outcome) return "error";
  const { origin, bundle = null } = outcome.policies;
  return origin === "unavailable" ? origin : JSON.stringify(bundle);
}
