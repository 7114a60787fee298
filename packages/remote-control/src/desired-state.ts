import { Pulse } from "./pulse.js";

/** Whether remote control is wanted. `unknown`: the stored preference was not read yet. */
export type Desired =
  | { readonly kind: "unknown" }
  | { readonly kind: "disabled" }
  /** `isStored`: for good, which the store says of an account. Else until the process ends. */
  | { readonly kind: "enabled"; readonly isStored: boolean; readonly accountId?: string | undefined };

/** Whether remote control is wanted, and who waits for that to change. */
export class DesiredState {
  readonly #pulse = new Pulse();
  #value: Desired;
  #disableCount = 0;

  constructor(value: Desired) {
    this.#value = value;
  }

  get value(): Desired {
    return this.#value;
  }

  get isEnabled(): boolean {
    return this.#value.kind === "enabled";
  }

  /** What is stored with a new enrolment: the preference, or that there is none. */
  get storedFlag(): true | null {
    return this.#value.kind === "enabled" && this.#value.isStored ? true : null;
  }

  /** How often it was switched off. Tells that it was, also when it is on again. */
  get disableCount(): number {
    return this.#disableCount;
  }

  get pulse(): Pulse {
    return this.#pulse;
  }

  set(value: Desired): void {
    this.#value = value;
    if (value.kind === "disabled") this.#disableCount += 1;
    this.#pulse.notify();
  }

  /** Switches on until the process ends. What is switched on for good stays so. */
  enableForNow(): void {
    if (this.#value.kind !== "enabled") this.set({ kind: "enabled", isStored: false });
  }

  /** Resolves when remote control is wanted, or the signal fires. */
  async untilEnabled(signal: AbortSignal): Promise<void> {
    while (!this.isEnabled && !signal.aborted) await this.#pulse.wait(signal);
  }
}
