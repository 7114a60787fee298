import type { ResponseEvent, ResponseItem } from "@codex-ts/protocol";

/** How far an answer has got, over all attempts at it. */
export class AnswerProgress {
  /** Items that are finished, of all attempts. */
  readonly items: ResponseItem[] = [];
  /** Whether the attempt under way has said anything about an answer. */
  hasBegun = false;
  #openItems = 0;
  #hasLooseDelta = false;

  /** Whether something was delivered that is not finished. */
  get isInTheMiddle(): boolean {
    return this.#openItems > 0 || this.#hasLooseDelta;
  }

  note(event: ResponseEvent): void {
    switch (event.type) {
      case "output_item_added":
        this.hasBegun = true;
        this.#openItems += 1;
        break;
      case "output_item_done":
        this.hasBegun = true;
        this.items.push(event.item);
        this.#openItems = Math.max(0, this.#openItems - 1);
        if (this.#openItems === 0) this.#hasLooseDelta = false;
        break;
      case "output_text_delta":
      case "reasoning_content_delta":
      case "reasoning_summary_delta":
      case "reasoning_summary_part_added":
      case "tool_call_input_delta":
        this.hasBegun = true;
        this.#hasLooseDelta = true;
        break;
      case "created":
        this.hasBegun = true;
        break;
      default:
        break;
    }
  }

  /** The attempt under way has failed, and another one is to come. */
  startOver(keepsItems: boolean): void {
    if (!keepsItems) this.items.length = 0;
    this.hasBegun = false;
    this.#openItems = 0;
    this.#hasLooseDelta = false;
  }
}
