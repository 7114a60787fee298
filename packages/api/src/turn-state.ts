/**
 * The sticky routing token of one turn. The first answer that carries one sets it; every later request of the same
 * turn sends it back in the header `x-codex-turn-state`. A new turn takes a new slot.
 */
export class TurnState {
  #value: string | undefined;

  /** @param value - Fills the slot right away, to carry a turn on. */
  constructor(value?: string) {
    this.#value = value;
  }

  /** The token, or nothing before an answer carried one. */
  get value(): string | undefined {
    return this.#value;
  }

  /** Fills the slot. A slot that is filled stays as it is: the first value wins. */
  set(value: string): void {
    this.#value ??= value;
  }
}
