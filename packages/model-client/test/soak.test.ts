import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Backend, type Fault, startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { soakAnswer } from "./support/soak-answer.js";

const turns = 1000;
const seed = Number(process.env["SOAK_SEED"] ?? Math.floor(Math.random() * 2 ** 32));

interface SoakReport {
  readonly before: number;
  readonly after: number;
  readonly counts: Readonly<Record<string, number>>;
}

test.concurrent.each(["http", "websocket"])(
  "a thousand turns over %s, a fifth of them with faults, end complete or with the right error",
  { timeout: 180_000 },
  async (way) => {
    await using backend = await startBackend({ answer: soakAnswer });
    const { before, after, counts } = await runSoak(backend, way).catch((cause: unknown) => {
      throw new Error(`SOAK_SEED=${seed} runs it again`, { cause });
    });
    const { faults = 0, complete = 0 } = counts;
    expect(faults).toBeGreaterThan(turns / 6);
    expect(complete).toBeGreaterThan(turns * 0.75);
    expect(counts[way]).toBeGreaterThan(turns * 0.8);
    expect(after / before).toBeLessThan(1.1);
  },
);

/** Runs the client in a process of its own, which has to end by itself. */
async function runSoak(backend: Backend, way: string): Promise<SoakReport> {
  const script = fileURLToPath(new URL("./support/soak.ts", import.meta.url));
  const child = fork(script, [backend.urls.openai, way, String(seed), String(turns)], {
    execArgv: ["--expose-gc", "--conditions=@codex-ts/source", "--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exit = once(child, "exit");
  let report: SoakReport | undefined;
  let failure: string | undefined;
  child.on(
    "message",
    (message: { fault?: Record<string, unknown> | null; failure?: string; result?: SoakReport }) => {
      failure ??= message.failure;
      report ??= message.result;
      if (message.fault === undefined) return;
      backend.reset();
      if (message.fault !== null) backend.fault(decode(message.fault));
      child.send("ready");
    },
  );
  const [code] = await exit;
  if (failure !== undefined) throw new Error(failure);
  if (report === undefined) throw new Error(`the process ended with code ${code} before the soak did`);
  return report;
}

function decode(fault: Record<string, unknown>): Fault {
  return Object.fromEntries(
    Object.entries(fault).map(([name, value]) => [
      name,
      value === "Infinity" ? Number.POSITIVE_INFINITY : value,
    ]),
  ) as unknown as Fault;
}
