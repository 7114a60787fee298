import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { ServerIdentity } from "./tls-fixtures.js";

/** One request as a {@link TestServer} got it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Counts the connections of the server from 1. */
  readonly connection: number;
}

type Handler = (request: SeenRequest, response: ServerResponse) => void;

/** An HTTP server on a loopback port. It keeps what it gets and answers as it is told. */
export interface TestServer extends AsyncDisposable {
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
  readonly openSockets: number;
  /** Resolves when the last client has gone. */
  allClosed(): Promise<void>;
  /** Resolves when so many requests have arrived. */
  received(count: number): Promise<void>;
}

/**
 * Starts a server. A handler that does nothing leaves the client without an answer.
 *
 * @param identity - Makes it speak TLS.
 */
export async function startServer(handler: Handler, identity?: ServerIdentity): Promise<TestServer> {
  const sockets = new Map<Socket, number>();
  const seen: SeenRequest[] = [];
  const waiting = new Set<() => void>();
  let connections = 0;
  const wake = () => {
    for (const check of [...waiting]) check();
  };

  const options = { keepAliveTimeout: 0 };
  const server =
    identity === undefined ? createServer(options) : createTlsServer({ ...options, ...identity });
  server.on("request", async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return;
    const { method = "", url: path = "", headers } = request;
    const entry = { method, path, headers, body, connection: sockets.get(request.socket) ?? 0 };
    seen.push(entry);
    wake();
    handler(entry, response);
  });
  server.on(identity === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    connections += 1;
    sockets.set(socket, connections);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    origin: `${identity === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get openSockets() {
      return sockets.size;
    },
    allClosed: () => until(() => sockets.size === 0),
    received: (count) => until(() => seen.length >= count),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets.keys()) socket.destroy();
      await closed;
    },
  };

  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
