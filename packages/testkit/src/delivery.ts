import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { setImmediate, setTimeout } from "node:timers/promises";
import { constants, createGzip, gzipSync } from "node:zlib";
import { aborted } from "./aborted.js";
import type { DeliveryFault } from "./fault.js";
import type { RecordedRequest } from "./recorded-request.js";
import type { Reply } from "./reply.js";
import { isTerminalFrame, oversizeFrame, toCrlf } from "./sse-frame.js";

/** Where a reply goes to. */
export interface DeliveryTarget {
  readonly request: RecordedRequest;
  readonly response: ServerResponse;
  /** Aborts when the connection is gone; sending then rejects with its reason. */
  readonly signal: AbortSignal;
}

/** Sends a reply, damaged as the fault says. */
export async function deliver(
  { status, headers, body }: Reply,
  fault: DeliveryFault | undefined,
  target: DeliveryTarget,
): Promise<void> {
  const coding = fault?.kind === "gzip" ? { "content-encoding": "gzip" } : {};
  if (body instanceof Uint8Array) {
    const bytes = damageBytes(body, fault);
    target.response.writeHead(status, { ...headers, ...coding, "content-length": bytes.length });
    await send([bytes], fault, target);
  } else {
    target.response.writeHead(status, { ...headers, ...coding });
    target.response.flushHeaders();
    await send(damageFrames(body, fault), fault, target);
  }
}

function damageBytes(body: Uint8Array, fault: DeliveryFault | undefined): Buffer {
  if (fault?.kind === "gzip") return gzipSync(body);
  const bytes = Buffer.from(body);
  return fault?.kind === "crlf" ? Buffer.from(toCrlf(bytes.toString("utf8"))) : bytes;
}

function damageFrames(
  frames: AsyncIterable<string>,
  fault: DeliveryFault | undefined,
): AsyncIterable<Buffer> {
  switch (fault?.kind) {
    case "gzip":
      return gzipFrames(frames);
    case "crlf":
      return toBytes(frames, (frame) => [toCrlf(frame)]);
    case "no_completed":
      return toBytes(frames, (frame) => (isTerminalFrame(frame) ? [] : [frame]));
    case "oversize": {
      const oversize = oversizeFrame(fault.bytes);
      return toBytes(frames, (frame, index) => (index === 0 ? [frame, oversize] : [frame]));
    }
    default:
      return toBytes(frames, (frame) => [frame]);
  }
}

async function* toBytes(
  frames: AsyncIterable<string>,
  change: (frame: string, index: number) => string[],
): AsyncGenerator<Buffer> {
  let index = 0;
  for await (const frame of frames) {
    for (const text of change(frame, index)) yield Buffer.from(text);
    index += 1;
  }
}

/** Each frame is flushed, so that a client can read it before the next one is made. */
async function* gzipFrames(frames: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  // An error of either stream reaches the reader of `gzip`.
  pipeline(Readable.from(frames), gzip, () => {});
  yield* gzip;
}

async function send(
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  fault: DeliveryFault | undefined,
  target: DeliveryTarget,
): Promise<void> {
  const { request, response, signal } = target;
  if (fault?.kind !== "cut" && fault?.kind !== "stall") {
    await sendUpTo(Number.POSITIVE_INFINITY, chunks, fault, target);
    response.end();
    return;
  }
  response.flushHeaders();
  await sendUpTo(fault.afterBytes ?? 0, chunks, fault, target);
  if (fault.kind === "stall") {
    await aborted(signal);
  } else {
    request.isCut = true;
    response.socket?.destroySoon();
  }
}

async function sendUpTo(
  limit: number,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  fault: DeliveryFault | undefined,
  { response, signal }: DeliveryTarget,
): Promise<void> {
  let left = limit;
  if (left <= 0) return;
  for await (const chunk of chunks) {
    for (const piece of cutToPieces(chunk.subarray(0, left), fault)) {
      signal.throwIfAborted();
      if (!response.write(piece)) await once(response, "drain", { signal });
      if (fault?.kind === "drip") await setTimeout(fault.intervalMs, undefined, { signal });
      // Writes of one turn of the event loop would leave in one packet.
      if (fault?.kind === "byte_by_byte") await setImmediate(undefined, { signal });
    }
    left -= chunk.length;
    if (left <= 0) return;
  }
}

function* cutToPieces(chunk: Buffer, fault: DeliveryFault | undefined): Generator<Buffer> {
  const size = fault?.kind === "drip" ? fault.bytes : fault?.kind === "byte_by_byte" ? 1 : chunk.length;
  for (let start = 0; start < chunk.length; start += size) yield chunk.subarray(start, start + size);
}
