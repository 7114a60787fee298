import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { AgentTask } from "../src/agent-task.js";
import { TaskRecovery } from "../src/task-recovery.js";

interface Bench {
  readonly recovery: TaskRecovery;
  readonly task: AgentTask;
  registrations: number;
  now: number;
  /** Lets a registration that is under way end. */
  finish(error?: Error): Promise<void>;
}

function setUp({ automatic = true }: { automatic?: boolean } = {}): Bench {
  let settle: (error?: Error) => void = () => {};
  const bench = {
    registrations: 0,
    now: 1_000_000,
    async finish(error?: Error) {
      settle(error);
      await new Promise(setImmediate);
    },
  } as Bench;
  const monotonicMs = (): number => bench.now;
  const task = new AgentTask("task-1", {
    register: () => {
      bench.registrations += 1;
      const id = `task-${bench.registrations + 1}`;
      if (automatic) return Promise.resolve(id);
      return new Promise((resolve, reject) => {
        settle = (error) => (error === undefined ? resolve(id) : reject(error));
      });
    },
    onRegistered: undefined,
    monotonicMs,
  });
  return Object.assign(bench, { task, recovery: new TaskRecovery(task, monotonicMs) });
}

function rejected(round: number, signal?: AbortSignal) {
  return {
    round,
    status: 401,
    headers: new Headers(),
    body: '{"error":{"code":"invalid_task_id"}}',
    ...(signal === undefined ? undefined : { signal }),
  };
}

describe("one request at a time", () => {
  test("registers at the first rejection, and takes the second for final", async () => {
    const bench = setUp();
    expect(await bench.recovery.recover(rejected(0))).toBe(true);
    expect(bench.task.id).toBe("task-2");
    expect(await bench.recovery.recover(rejected(1))).toBe(false);
    expect(bench.registrations).toBe(1);
  });

  test("registers again for a task that is lost later", async () => {
    const bench = setUp();
    await bench.recovery.recover(rejected(0));
    bench.now += 5001;
    expect(await bench.recovery.recover(rejected(0))).toBe(true);
    expect(bench.registrations).toBe(2);
  });

  test("sends again what is rejected right after a replacement, and registers if that does not help", async () => {
    const bench = setUp();
    await bench.recovery.recover(rejected(0));
    bench.now += 10;
    expect(await bench.recovery.recover(rejected(0))).toBe(true);
    expect(bench.registrations).toBe(1);
    expect(await bench.recovery.recover(rejected(1))).toBe(true);
    expect(bench.registrations).toBe(2);
    expect(await bench.recovery.recover(rejected(2))).toBe(false);
  });
});

describe("many requests at once", () => {
  test("registers once for all that are rejected meanwhile or shortly after", async () => {
    const bench = setUp({ automatic: false });
    const waiting = Array.from({ length: 10 }, () => bench.recovery.recover(rejected(0)));
    await bench.finish();
    expect(await Promise.all(waiting)).toEqual(Array(10).fill(true));
    bench.now += 4999;
    expect(await bench.recovery.recover(rejected(0))).toBe(true);
    expect(bench.registrations).toBe(1);
  });

  test("a second rejection waits for a registration that is under way for others", async () => {
    const bench = setUp({ automatic: false });
    const first = bench.recovery.recover(rejected(0));
    const second = bench.recovery.recover(rejected(1));
    await bench.finish();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(bench.registrations).toBe(1);
  });

  test("sends a straggler once more with a task that was replaced again in between", async () => {
    const bench = setUp();
    await bench.recovery.recover(rejected(0));
    await bench.recovery.recover(rejected(0));
    bench.now += 10;
    expect(await bench.recovery.recover(rejected(1))).toBe(true);
    bench.now += 10;
    expect(await bench.recovery.recover(rejected(1))).toBe(true);
    expect(bench.registrations).toBe(2);
  });

  test("an abort ends the waiting of one, not the registration", async () => {
    const bench = setUp({ automatic: false });
    const controller = new AbortController();
    const reason = new Error("gave up");
    const first = bench.recovery.recover(rejected(0, controller.signal));
    const second = bench.recovery.recover(rejected(0));
    controller.abort(reason);
    await expect(first).rejects.toMatchObject({ kind: "aborted", cause: reason });
    await bench.finish();
    expect(await second).toBe(true);
    expect(bench.registrations).toBe(1);
  });

  test("the registration goes on, and its failure is nobody's, when all have given up", async () => {
    const bench = setUp({ automatic: false });
    const controller = new AbortController();
    const waiting = bench.recovery.recover(rejected(0, controller.signal));
    controller.abort(new Error("gave up"));
    await expect(waiting).rejects.toMatchObject({ kind: "aborted" });
    expect(bench.task.isRegistering).toBe(true);
    await bench.finish(new Error("refused"));
    expect(bench.task.isRegistering).toBe(false);
  });

  test("a request that was aborted before starts nothing", async () => {
    const bench = setUp();
    const waiting = bench.recovery.recover(rejected(0, AbortSignal.abort(new Error("gave up"))));
    await expect(waiting).rejects.toMatchObject({ kind: "aborted" });
    expect(bench.registrations).toBe(0);
  });

  test("waiting leaves no listener on the signal", async () => {
    const bench = setUp();
    const { signal } = new AbortController();
    await bench.recovery.recover(rejected(0, signal));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("a failure reaches all who wait, and the next rejection tries anew", async () => {
    const bench = setUp({ automatic: false });
    const waiting = [bench.recovery.recover(rejected(0)), bench.recovery.recover(rejected(0))];
    const failed = Promise.all(waiting.map((promise) => promise.catch((error: Error) => error.message)));
    await bench.finish(new Error("refused"));
    expect(await failed).toEqual(["refused", "refused"]);
    expect(bench.task.id).toBe("task-1");
    const again = bench.recovery.recover(rejected(0));
    await bench.finish();
    expect(await again).toBe(true);
    expect(bench.task.id).toBe("task-3");
  });
});
