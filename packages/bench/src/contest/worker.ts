// The process of one contestant: node worker.ts <module>. Runs one round for each message it gets.
import { inspect } from "node:util";
import type { ContestantModule, Round, WorkerAnswer } from "./contestant.ts";

const module = process.argv[2];
if (module === undefined || process.send === undefined) {
  throw new TypeError("started by contest.ts, with the module of a contestant");
}

try {
  const { createContestant } = (await import(module)) as ContestantModule<unknown, unknown>;
  const contestant = await createContestant();
  process.on("message", (input) => {
    void measure(() => contestant.run(input)).then(
      (round) => answer({ type: "round", round }),
      (error: unknown) => answer({ type: "failed", error: inspect(error) }),
    );
  });
  // Open connections must not keep the process alive once nobody asks for rounds.
  process.on("disconnect", () => process.exit());
  answer({ type: "ready" });
} catch (error) {
  answer({ type: "failed", error: inspect(error) });
}

async function measure<Outcome>(work: () => Promise<Outcome>): Promise<Round<Outcome>> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const outcome = await work();
  const wallMs = performance.now() - startedAt;
  const cpu = process.cpuUsage(cpuBefore);
  return { wallMs, cpuMs: (cpu.user + cpu.system) / 1000, outcome };
}

function answer(message: WorkerAnswer): void {
  process.send?.(message);
}
