import { setImmediate, setTimeout } from "node:timers/promises";
import type { WebSocket } from "ws";
import { aborted } from "./aborted.js";
import { errorBody } from "./error-body.js";
import { errorEventText } from "./error-event.js";
import type { DeliveryFault, WebSocketFault } from "./fault.js";
import { isTerminalType, oversizeEvent } from "./sse-frame.js";

/** How the messages of an answer are sent. */
export interface MessageDelivery {
  readonly fault: DeliveryFault | WebSocketFault | undefined;
  /** Aborts when the connection has gone; sending then rejects. */
  readonly signal: AbortSignal;
  readonly onSent: (text: string) => void;
  /** The connection is about to be ended on purpose, in the middle of the answer. */
  readonly onCut: () => void;
}

/**
 * Sends the messages of one answer, damaged as the fault says. An answer without its terminal event closes the
 * connection, as it ends the body over HTTP.
 */
export async function deliverMessages(
  webSocket: WebSocket,
  messages: AsyncIterable<string>,
  delivery: MessageDelivery,
): Promise<void> {
  const { fault, signal, onSent } = delivery;
  let isTerminated = false;
  let index = 0;
  let bytes = 0;
  for await (const text of messages) {
    const isTerminal = endsResponse(text);
    if (fault?.kind === "no_completed" && isTerminal) continue;
    bytes += Buffer.byteLength(text);
    if (await strike(webSocket, delivery, index, bytes)) return;
    await send(webSocket, text, fault, signal);
    onSent(text);
    isTerminated ||= isTerminal;
    index += 1;
    if (index === 1 && fault?.kind === "oversize") {
      const oversize = oversizeEvent(fault.bytes);
      await send(webSocket, oversize, fault, signal);
      onSent(oversize);
    }
  }
  if (await strike(webSocket, delivery, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)) return;
  if (!isTerminated) webSocket.close(1000);
}

/**
 * Does what the fault says has to happen now, after so many messages, and before so many bytes are sent.
 *
 * @returns Whether that was the end of the answer.
 */
async function strike(
  webSocket: WebSocket,
  { fault, signal, onSent, onCut }: MessageDelivery,
  index: number,
  bytes: number,
): Promise<boolean> {
  switch (fault?.kind) {
    case "cut":
      if (bytes <= fault.afterBytes && bytes !== Number.POSITIVE_INFINITY) return false;
      onCut();
      webSocket.terminate();
      return true;
    case "stall":
      if (bytes <= (fault.afterBytes ?? 0) && bytes !== Number.POSITIVE_INFINITY) return false;
      await aborted(signal);
      return true;
    case "close":
      if (index < (fault.afterEvents ?? 0)) return false;
      onCut();
      webSocket.close(fault.code ?? 1011, fault.reason);
      return true;
    case "error_event": {
      if (index < (fault.afterEvents ?? 0)) return false;
      const { status = 500, code = null, message = "The test backend fails", headers } = fault;
      const text = errorEventText({ status, headers, ...errorBody(status, code, message) });
      await send(webSocket, text, undefined, signal);
      onSent(text);
      return true;
    }
    case "binary":
      if (index < (fault.afterEvents ?? 0)) return false;
      webSocket.send(Buffer.from([0]), { binary: true });
      return true;
    default:
      return false;
  }
}

async function send(
  webSocket: WebSocket,
  text: string,
  fault: MessageDelivery["fault"],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const size = fault?.kind === "drip" ? fault.bytes : fault?.kind === "byte_by_byte" ? 1 : undefined;
  if (size === undefined) {
    await sendFragment(webSocket, text, true);
    return;
  }
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) {
    signal.throwIfAborted();
    await sendFragment(webSocket, bytes.subarray(start, start + size), start + size >= bytes.length);
    if (fault?.kind === "drip") await setTimeout(fault.intervalMs, undefined, { signal });
    else await setImmediate(undefined, { signal });
  }
}

function sendFragment(webSocket: WebSocket, data: string | Buffer, fin: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    webSocket.send(data, { binary: false, fin }, (error) => (error ? reject(error) : resolve()));
  });
}

function endsResponse(text: string): boolean {
  // Cheaper than parsing each delta.
  if (!text.includes("response.") && !text.includes("error")) return false;
  try {
    const { type } = JSON.parse(text) as { type?: unknown };
    return isTerminalType(type) || type === "error";
  } catch {
    return false;
  }
}
