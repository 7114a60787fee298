import { type CloudPolicies, noPolicies } from "./cloud-policies.js";
import type { CloudRequirementsError } from "./cloud-requirements-error.js";

type Outcome =
  | { readonly policies: CloudPolicies; readonly isGood: boolean }
  | { readonly error: CloudRequirementsError; readonly isGood: false };

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

  succeed(policies: CloudPolicies): void {
    this.#install({ policies, isGood: true });
  }

  /** Keeps policies that are good, and takes the place of an earlier failure. */
  fail(error: CloudRequirementsError): void {
    if (this.#outcome?.isGood === true) return;
    const isReplaceable = this.#isOpen && error.code !== "Closed";
    this.#install(
      isReplaceable
        ? { policies: { ...noPolicies, origin: "unavailable", error }, isGood: false }
        : { error, isGood: false },
    );
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
    const controller = new AbortController();
    try {
      await new Promise<void>((resolve) => {
        this.#readers.add(resolve);
        controller.signal.addEventListener("abort", () => this.#readers.delete(resolve), { once: true });
        signal?.addEventListener("abort", () => resolve(), { once: true, signal: controller.signal });
      });
    } finally {
      controller.abort();
    }
  }
}

/** What makes a difference to those who are under the policies. */
function contents(outcome: Outcome): string {
  if ("error" in outcome) return "error";
  const { origin, bundle = null } = outcome.policies;
  return origin === "unavailable" ? origin : JSON.stringify(bundle);
}
