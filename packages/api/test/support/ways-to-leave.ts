import type { ResponsesRequest } from "@codex-ts/protocol";
import type { ResponseStream } from "../../src/index.js";
import { helloRequest } from "./requests.js";

/** How a reader may leave a stream. The iterator is the stream's. */
export type Leave = (
  events: AsyncIterator<unknown, undefined>,
  stream: ResponseStream,
  controller: AbortController,
) => unknown;

/** Every way to leave, by name. */
export const waysToLeave: ReadonlyMap<string, Leave> = new Map<string, Leave>([
  ["return()", (events) => events.return?.()],
  ["throw()", (events) => events.throw?.(new Error("mine")).catch(ignore)],
  ["cancel()", (_events, stream) => stream.cancel()],
  [
    "cancel() under a waiting reader",
    (events, stream) => {
      const waiting = events.next();
      stream.cancel();
      return waiting;
    },
  ],
  ["an abort", (_events, _stream, controller) => controller.abort()],
  [
    "an abort under a waiting reader",
    (events, _stream, controller) => {
      const waiting = events.next();
      controller.abort();
      return waiting.catch(ignore);
    },
  ],
  ["disposal", (_events, stream) => stream[Symbol.asyncDispose]()],
]);

/** How many events are read before leaving; 0 is before the first read. A stalled answer must have more. */
export const pointsToLeave: readonly number[] = [0, 1, 2, 4];

/** A client, or a connection. */
export interface StreamSource {
  stream(
    request: ResponsesRequest,
    options: { readonly signal: AbortSignal },
  ): Promise<ResponseStream & AsyncIterable<unknown, undefined>>;
}

/** Opens a stream, reads some events and leaves it. */
export async function openAndLeave(
  client: StreamSource,
  {
    leave,
    point,
    controller,
  }: { readonly leave: Leave; readonly point: number; readonly controller: AbortController },
): Promise<void> {
  const { signal } = controller;
  const stream = await client.stream(helloRequest, { signal });
  const events = stream[Symbol.asyncIterator]();
  for (let read = 0; read < point; read++) await events.next();
  await leave(events, stream, controller);
}

function ignore(): void {}
