// The history is read anew for each turn, as from a file: nothing of it is the same object as before.
import type { ResponseItem } from "@codex-ts/protocol";
import type { Contestant } from "../../contest/contestant.ts";
import type { TurnsInput, TurnsOutcome } from "../history.ts";
import { timeTurns } from "../timed-turns.ts";

export async function createContestant(): Promise<Contestant<TurnsInput, TurnsOutcome>> {
  return {
    run: (input) =>
      timeTurns(input, (history) => JSON.parse(JSON.stringify(history)) as readonly ResponseItem[]),
  };
}
