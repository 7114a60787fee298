import type { TurnEvent } from "../../src/index.js";

/** The text that is left when all that was taken back is taken out. */
export function shownText(events: readonly TurnEvent[]): string {
  let kept = "";
  let pending = "";
  for (const event of events) {
    if (event.type === "output_text_delta") pending += event.delta;
    if (event.type === "reset") pending = "";
    if (event.type !== "output_item_done") continue;
    kept += pending;
    pending = "";
  }
  return kept + pending;
}
