import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { apiRejection } from "./support/api-rejection.js";
import { helloRequest } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";
import { openAndLeave, pointsToLeave, waysToLeave } from "./support/ways-to-leave.js";
import { openConnection, startWebSocketWorld } from "./support/websocket-connection.js";

const stalled = { kind: "stall", afterBytes: 2000 } as const;
// Long enough that most of it comes behind the stall.
const backendOptions = { answer: "word ".repeat(50) };

test.each(
  [...waysToLeave].flatMap(([name, leave]) => pointsToLeave.map((point) => [name, point, leave] as const)),
)("%s after %i events drops the connection at once", async (_name, point, leave) => {
  const { backend, connection } = await openConnection({ backend: backendOptions });
  backend.fault(stalled);
  const controller = new AbortController();

  await openAndLeave(connection, { leave, point, controller });

  expect([connection.isOpen, connection.isBusy]).toEqual([false, false]);
  await expect.poll(() => backend.openSockets).toBe(0);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("an abort in the middle ends the reader with its reason", async () => {
  const { backend, connection } = await openConnection({ backend: backendOptions });
  backend.fault(stalled);
  const controller = new AbortController();
  const reading = collectItems(await connection.stream(helloRequest, { signal: controller.signal }));
  setTimeout(() => controller.abort(new Error("enough")), 10);
  expect((await reading).at(-1)).toMatchObject({ error: { kind: "aborted", cause: new Error("enough") } });
});

test("a signal that has fired sends nothing, and leaves the connection open", async () => {
  const { backend, connection } = await openConnection();
  const error = await apiRejection(connection.stream(helloRequest, { signal: AbortSignal.abort() }));
  expect(error).toMatchObject({ kind: "aborted" });
  expect([connection.isOpen, backend.requests.length]).toEqual([true, 1]);
});

test("a response that ended well leaves no listener", async () => {
  const { connection } = await openConnection();
  const controller = new AbortController();
  await collectItems(await connection.stream(helloRequest, { signal: controller.signal }));
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  controller.abort();
  expect(connection.isOpen).toBe(true);
});

test("a process that left connections in every way ends by itself", { timeout: 30_000 }, async () => {
  const { backend } = await startWebSocketWorld({ backend: backendOptions });
  backend.fault({ ...stalled, over: "websocket", times: Number.POSITIVE_INFINITY });
  const { stdout, stderr } = await runScript(
    new URL("./support/leave-websockets-and-exit.ts", import.meta.url),
    backend.urls.openai,
  );
  expect([stdout, stderr]).toEqual(["left", ""]);
});

test("a thousand turns over one connection leave nothing in memory", { timeout: 60_000 }, async () => {
  const { backend } = await startWebSocketWorld();
  const { stdout } = await runScript(
    new URL("./support/count-websocket-heap.ts", import.meta.url),
    backend.urls.openai,
  );
  const { before, after, turns } = JSON.parse(stdout) as Record<"after" | "before" | "turns", number>;
  expect(turns).toBe(1000);
  expect(after / before).toBeLessThan(1.05);
  expect(backend.webSockets).toHaveLength(1);
});

async function runScript(script: URL, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--conditions=@codex-ts/source", "--import", "tsx", fileURLToPath(script), ...args],
    { timeout: 50_000 },
  );
}
