import { createServer, type Server } from "node:net";
import { parseRequestHead } from "./wire.ts";

/**
 * An HTTP server that only writes answers made in advance: whatever is measured waits for its own side and never
 * for this one. Connections stay open.
 *
 * @param answer - Gives the bytes of the answer to a path, head and all.
 */
export function createRawServer(answer: (path: string) => Uint8Array): Server {
  return createServer({ noDelay: true }, (socket) => {
    let received = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      for (;;) {
        const head = parseRequestHead(received);
        if (head === undefined || received.length < head.requestBytes) return;
        received = received.subarray(head.requestBytes);
        socket.write(answer(head.path));
      }
    });
    // A side that stops reading in the middle resets the connection.
    socket.on("error", () => socket.destroy());
  });
}
