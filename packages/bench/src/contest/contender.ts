import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Round, WorkerAnswer } from "./contestant.ts";

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

/** How the rest of a bench sees one side: a name, and rounds on demand. */
export interface Contender<Input, Outcome> {
  readonly name: string;
  round(input: Input): Promise<Round<Outcome>>;
  stop(): void;
}

/**
 * Starts the process of one side and waits until its module is loaded.
 *
 * @param module - URL of the contestant's module.
 */
export async function startContender<Input, Outcome>(
  name: string,
  module: URL,
): Promise<Contender<Input, Outcome>> {
  const child = fork(worker, [module.href], { execArgv: ["--expose-gc"], stdio: "inherit" });
  await nextAnswer(name, child);
  return {
    name,
    async round(input) {
      const answered = nextAnswer(name, child);
      child.send(input as object);
      const answer = await answered;
      if (answer.type !== "round") throw new Error(`${name} did not answer with a round`);
      return answer.round as Round<Outcome>;
    },
    stop() {
      child.disconnect();
    },
  };
}

function nextAnswer(name: string, child: ChildProcess): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      stopListening();
      const answer = message as WorkerAnswer;
      if (answer.type === "failed") reject(new Error(`${name} failed: ${answer.error}`));
      else resolve(answer);
    };
    const onExit = (code: number | null): void => {
      stopListening();
      reject(new Error(`the process of ${name} ended with ${code}`));
    };
    const stopListening = (): void => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}
