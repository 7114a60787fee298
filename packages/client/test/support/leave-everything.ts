// Runs in a process of its own: leaves exchanges in every way and reports what is still held afterwards.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createTransport } from "../../src/transport.js";

const server = fork(fileURLToPath(new URL("./plain-server.mjs", import.meta.url)));
const [origin] = (await once(server, "message")) as [string];
const transport = createTransport();
const never = new AbortController();

function open(path = "/open", signal = never.signal) {
  return transport.stream({ method: "GET", url: origin + path }, { signal });
}

async function aborted(promise: Promise<unknown>): Promise<void> {
  await promise.then(
    () => Promise.reject(new Error("it was not aborted")),
    () => {},
  );
}

(await open()).cancel();
for await (const _chunk of (await open()).body) break;
const iterator = (await open()).body[Symbol.asyncIterator]();
await iterator.next();
const waiting = iterator.next();
await iterator.return?.();
await waiting;

const atHead = new AbortController();
await open("/open", atHead.signal);
atHead.abort();
const inBody = new AbortController();
const body = (await open("/open", inBody.signal)).body[Symbol.asyncIterator]();
await body.next();
const reading = aborted(body.next());
inBody.abort();
await reading;
const beforeHead = new AbortController();
const opening = aborted(open("/stall", beforeHead.signal));
setTimeout(() => beforeHead.abort(), 20);
await opening;
const retrying = new AbortController();
const retry = { maxAttempts: 1, baseDelayMs: 3_600_000, on429: false, on5xx: true, onTransport: true };
const pausing = transport.execute(
  { method: "GET", url: `${origin}/500` },
  { signal: retrying.signal, retry, telemetry: { onRetry: () => queueMicrotask(() => retrying.abort()) } },
);
await aborted(pausing);
for await (const _chunk of (await open("/end")).body);
await transport.execute({ method: "GET", url: `${origin}/end` }, { signal: never.signal });

// Sockets that were cut are gone after their close events. The idle one stays, but keeps nothing alive.
await new Promise((resolve) => setTimeout(resolve, 50));
const held = process
  .getActiveResourcesInfo()
  .filter((name) => name === "TCPSocketWrap" || name === "Timeout");
server.kill();
await once(server, "exit");
process.stdout.write(JSON.stringify(held));
// No close(), no exit(): the process has to end by itself.
