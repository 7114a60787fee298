import type { IncomingMessage } from "node:http";
import { aborted } from "./aborted.js";
import type { DeliveryTarget } from "./delivery.js";
import type { IntakeFault } from "./fault.js";

/**
 * Reads as much of a request as the fault allows, and does then what it says.
 *
 * @param onRead - Called when nothing more is read.
 */
export async function refuseIntake(
  incoming: IncomingMessage,
  { kind, afterBytes }: IntakeFault,
  { request, response, signal }: DeliveryTarget,
  onRead: () => void,
): Promise<void> {
  request.rawBody = await readUpTo(incoming, afterBytes);
  request.body = request.rawBody;
  onRead();
  if (kind === "stop_reading") {
    await aborted(signal);
  } else {
    request.isCut = true;
    response.socket?.resetAndDestroy();
  }
}

/** Leaves the rest where it is. Iteration would end the connection when it is left. */
function readUpTo(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    const stop = (): void => {
      incoming.off("data", take).off("end", stop).off("close", stop).pause();
      resolve(Buffer.concat(chunks).subarray(0, limit));
    };
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) stop();
    };
    if (limit === 0) stop();
    else incoming.on("data", take).on("end", stop).on("close", stop);
  });
}
