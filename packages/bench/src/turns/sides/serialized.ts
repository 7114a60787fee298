// What a client does that compares texts, or sends everything each time: one JSON text of the whole request.
import type { Contestant } from "../../contest/contestant.ts";
import { makeHistory, requestWith, type TurnsInput, type TurnsOutcome } from "../history.ts";

export async function createContestant(): Promise<Contestant<TurnsInput, TurnsOutcome>> {
  return {
    async run({ items, turns }) {
      const history = makeHistory(items);
      let busyMs = 0;
      for (let turn = 0; turn < turns; turn += 1) {
        history.push({
          type: "message",
          role: "user",
          content: [{ type: "input_text", text: `Turn ${turn}` }],
        });
        const startedAt = performance.now();
        JSON.stringify(requestWith(history));
        busyMs += performance.now() - startedAt;
      }
      return { turns, newItems: turns, busyMs };
    },
  };
}
