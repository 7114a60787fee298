import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

/** A server below HTTP: it says what it likes. */
export interface TcpServer extends AsyncDisposable {
  readonly port: number;
  readonly openSockets: number;
  /** Resolves when a client has connected. */
  connected(): Promise<Socket>;
  /** Resolves when the last client has gone. */
  allClosed(): Promise<void>;
}

/** Starts a server that hands each connection to the handler. */
export async function startTcpServer(handler: (socket: Socket) => void = () => {}): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  let onConnected: ((socket: Socket) => void) | undefined;
  let onClosed: (() => void) | undefined;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) onClosed?.();
    });
    // Without a reader the end of the stream is never noticed.
    socket.resume();
    handler(socket);
    onConnected?.(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    port: (server.address() as AddressInfo).port,
    get openSockets() {
      return sockets.size;
    },
    connected: () =>
      new Promise((resolve) => {
        onConnected = resolve;
        for (const socket of sockets) resolve(socket);
      }),
    allClosed: () =>
      new Promise((resolve) => {
        onClosed = resolve;
        if (sockets.size === 0) resolve();
      }),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
