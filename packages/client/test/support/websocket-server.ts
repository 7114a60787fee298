import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/** What a server sends in place of agreeing to a WebSocket. */
interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How a server of WebSockets behaves. */
export interface WebSocketServerOptions {
  /** Asked for each handshake; nothing agrees to it, `silence` never answers. */
  readonly answer?: (headers: IncomingHttpHeaders, path: string) => Refusal | "silence" | undefined;
  /** Headers of the agreement. */
  readonly headers?: readonly string[];
  readonly perMessageDeflate?: boolean;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly onConnection?: (webSocket: WebSocket) => void;
}

/** A server of WebSockets on a loopback port. */
export interface TestWebSocketServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Headers of all handshakes, oldest first. */
  readonly handshakes: readonly IncomingHttpHeaders[];
  readonly openSockets: number;
  /** Resolves when the last client has gone. */
  allClosed(): Promise<void>;
}

/** Starts a server. Without `onConnection` it sends back what it gets. */
export async function startWebSocketServer(
  options: WebSocketServerOptions = {},
): Promise<TestWebSocketServer> {
  const { answer, headers = [], perMessageDeflate = true, onConnection = echo, tls } = options;
  const handshakes: IncomingHttpHeaders[] = [];
  const sockets = new Set<Socket>();
  let onAllClosed: (() => void) | undefined;
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate });
  webSockets.on("headers", (lines) => lines.push(...headers));
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on(tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) onAllClosed?.();
    });
  });
  server.on("upgrade", (request, socket: Duplex, head: Buffer) => {
    handshakes.push(request.headers);
    const refusal = answer?.(request.headers, request.url ?? "");
    // A socket that was handed over has to be read to its end, and ended, by hand.
    if (refusal === "silence") socket.resume().once("end", () => socket.end());
    else if (refusal !== undefined) refuse(socket, refusal);
    else webSockets.handleUpgrade(request, socket, head, onConnection);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `${tls === undefined ? "ws" : "wss"}://127.0.0.1:${port}/v1/responses`,
    port,
    handshakes,
    get openSockets() {
      return sockets.size;
    },
    allClosed: () =>
      new Promise((resolve) => {
        onAllClosed = resolve;
        if (sockets.size === 0) resolve();
      }),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function echo(webSocket: WebSocket): void {
  webSocket.on("message", (data, isBinary) => webSocket.send(data, { binary: isBinary }));
}

function refuse(socket: Duplex, { status, headers = {}, body = "" }: Refusal): void {
  const lines = Object.entries({ ...headers, "content-length": String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} Whatever\r\n${head}connection: close\r\n\r\n${body}`);
}
