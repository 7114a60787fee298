import { setTimeout } from "node:timers/promises";
import { decodeSse, type TransportStream } from "@codex-ts/client";
import { McpAppsError } from "../errors.js";
import { answeredBy, type RpcId } from "./json-rpc.js";

/** An event stream, and how it is taken up again where it broke off. */
export interface ResumableStream {
  readonly first: TransportStream;
  readonly reopen: (lastEventId: string) => Promise<TransportStream>;
  readonly signal: AbortSignal;
}

/**
 * Yields the messages of an event stream until the last request is answered; what the server says after that is lost,
 * and it may say nothing and keep the stream open. A stream that breaks off before is taken up again if the server has
 * numbered its events.
 *
 * @param pending - Answered requests are taken out of it.
 * @throws {@link McpAppsError} of kind `stream_cut`, whose cause says how it broke off.
 */
export async function* answerMessages(
  { first, reopen, signal }: ResumableStream,
  pending: Set<RpcId>,
): AsyncGenerator<string, void> {
  let stream: TransportStream | undefined = first;
  let lastEventId = "";
  for (let failures = 0; ; failures += 1) {
    let cause: unknown;
    try {
      stream ??= await reopen(lastEventId);
      for await (const { event, id, data } of decodeSse(stream.body, sseOptions(signal))) {
        if (id !== lastEventId) failures = 0;
        lastEventId = id;
        if (event !== "message" || data === "") continue;
        for (const answered of answeredBy(data)) pending.delete(answered);
        yield data;
        if (pending.size === 0) return;
      }
    } catch (error) {
      cause = error;
    }
    stream = undefined;
    signal.throwIfAborted();
    const delayMs = answerDelaysMs[failures];
    if (lastEventId === "" || delayMs === undefined)
      throw new McpAppsError("the answer of Codex Apps ended before its result", {
        kind: "stream_cut",
        cause,
      });
    await setTimeout(delayMs, undefined, { signal });
  }
}

/**
 * Yields what the server says by itself, as long as the session lasts. A stream that ends is opened anew, unless the
 * server refuses it or fails too often in a row: nothing depends on it.
 */
export async function* serverMessages({
  first,
  reopen,
  signal,
}: ResumableStream): AsyncGenerator<string, void> {
  let stream: TransportStream | undefined = first;
  let lastEventId = "";
  for (let failures = 0; failures < serverDelaysMs.length; failures += 1) {
    try {
      stream ??= await reopen(lastEventId);
      for await (const { event, id, data } of decodeSse(stream.body, sseOptions(signal))) {
        failures = 0;
        lastEventId = id;
        if (event === "message" && data !== "") yield data;
      }
    } catch (error) {
      if (error instanceof McpAppsError && !reopened.has(error.kind)) return;
    }
    stream = undefined;
    if (signal.aborted) return;
    await setTimeout(serverDelaysMs[failures], undefined, { signal }).catch(() => {});
  }
}

const answerDelaysMs = [250, 1000];
const serverDelaysMs = [1000, 2000, 4000, 8000, 16_000, 30_000];
const reopened: ReadonlySet<string> = new Set(["http", "network", "timeout"]);

// How long an answer may take is decided by whoever asked; a server that has nothing to say may be silent for ever.
function sseOptions(signal: AbortSignal): Parameters<typeof decodeSse>[1] {
  return { idleTimeoutMs: 0, flushTail: true, signal };
}
