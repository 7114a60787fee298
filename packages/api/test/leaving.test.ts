import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { startBackendClient } from "./support/backend-client.js";
import { completed, frames } from "./support/frames.js";
import { helloRequest } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";
import { openAndLeave, pointsToLeave, waysToLeave } from "./support/ways-to-leave.js";

const stalled = { kind: "stall", afterBytes: 2000 } as const;

test.each(
  [...waysToLeave].flatMap(([name, leave]) => pointsToLeave.map((point) => [name, point, leave] as const)),
)("%s after %i events ends the request at once", async (_name, point, leave) => {
  const { backend, client } = await startBackendClient();
  backend.fault(stalled);
  const controller = new AbortController();

  await openAndLeave(client, { leave, point, controller });

  expect(await backend.requests[0]?.outcome).toBe("aborted");
  await vi.waitFor(() => expect(backend.openSockets).toBe(0));
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("a process that left streams in every way ends by itself", async () => {
  const { backend } = await startBackendClient();
  backend.fault({ ...stalled, times: Number.POSITIVE_INFINITY });
  const script = fileURLToPath(new URL("./support/leave-and-exit.ts", import.meta.url));

  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@codex-ts/source", "--import", "tsx", script, backend.urls.openai],
    { timeout: 20_000 },
  );

  expect([stdout, stderr]).toEqual(["left", ""]);
  expect(backend.requests).toHaveLength(waysToLeave.size * pointsToLeave.length);
}, 30_000);

test("a response that ended well gives its connection back", async () => {
  const { backend, client } = await startBackendClient();

  await collectItems(await client.stream(helloRequest));
  await collectItems(await client.stream(helloRequest));

  expect(backend.requests.map(({ localSocketId }) => localSocketId)).toEqual([1, 1]);
});

test("a terminal event ends the stream while the server keeps the connection open", async () => {
  const { backend, client } = await startBackendClient();
  backend.script({ frames: [frames(completed), ": and then\n\n"], chunkDelayMs: 60_000 });

  const items = await collectItems(await client.stream(helloRequest));

  expect(items.at(-1)).toMatchObject({ event: { type: "completed" } });
  expect(await backend.requests[0]?.outcome).toBe("aborted");
});

test("one signal may end many streams", async () => {
  const { backend, client } = await startBackendClient();
  backend.fault({ kind: "stall", times: 10 });
  const controller = new AbortController();
  const streams = await Promise.all(
    Array.from({ length: 10 }, () => client.stream(helloRequest, { signal: controller.signal })),
  );
  const reading = streams.map(collectItems);

  controller.abort();

  for (const items of await Promise.all(reading))
    expect(items.at(-1)).toMatchObject({ error: { kind: "aborted" } });
  await vi.waitFor(() => expect(backend.openSockets).toBe(0));
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
