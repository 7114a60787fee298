import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import type { ServerIdentity } from "./tls-fixtures.js";

/** A proxy on a loopback port. */
export interface TestProxy extends AsyncDisposable {
  /** Without a scheme. */
  readonly address: string;
  /** The request lines that the proxy saw, those of intercepted requests included. */
  readonly lines: readonly string[];
  /** The names that clients asked for in the TLS handshake with the proxy; false for none. */
  readonly serverNames: readonly (string | false | null)[];
  /** The `proxy-authorization` headers that it saw. */
  readonly credentials: readonly (string | undefined)[];
}

/** How a {@link TestProxy} behaves. */
export interface ProxyBehaviour {
  /** The `proxy-authorization` that it wants. */
  readonly authorization?: string;
  /** Breaks TLS open with this identity and answers by itself. */
  readonly intercept?: ServerIdentity;
  /** Makes the proxy itself speak TLS. */
  readonly identity?: ServerIdentity;
  /** Answers CONNECT with this status. */
  readonly refuse?: number;
}

/**
 * Starts a proxy. It answers plain requests by itself, with their URL, and leads every tunnel to the loopback address,
 * whatever host it is for.
 */
export async function startProxy(behaviour: ProxyBehaviour = {}): Promise<TestProxy> {
  const lines: string[] = [];
  const serverNames: (string | false | null)[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Duplex>();

  const http = createServer((request, response) => {
    request.resume();
    const isAllowed = note(request);
    response.statusCode = isAllowed ? 200 : 407;
    response.end(isAllowed ? `answered ${request.url}` : undefined);
  });
  http.on("connect", (request: IncomingMessage, socket: Duplex) => {
    keep(socket);
    const isAllowed = note(request);
    const status = isAllowed ? (behaviour.refuse ?? 200) : 407;
    socket.write(`HTTP/1.1 ${status} Status\r\n\r\n`);
    if (status !== 200) socket.end();
    else if (behaviour.intercept === undefined) tunnel(socket, Number(request.url?.split(":").at(-1)));
    else http.emit("connection", new TLSSocket(socket as Socket, { isServer: true, ...behaviour.intercept }));
  });
  http.on("connection", keep);
  const front = behaviour.identity === undefined ? http : createTlsServer({ ...behaviour.identity });
  front.on("secureConnection", (socket: TLSSocket) => {
    serverNames.push(socket.servername);
    http.emit("connection", socket);
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));

  return {
    address: `127.0.0.1:${(front.address() as AddressInfo).port}`,
    lines,
    serverNames,
    credentials,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => front.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };

  function note({ method, url, headers }: IncomingMessage): boolean {
    lines.push(`${method} ${url}`);
    const isTunnelled = url?.startsWith("/") === true;
    if (isTunnelled) return true;
    credentials.push(headers["proxy-authorization"]);
    return (
      behaviour.authorization === undefined || headers["proxy-authorization"] === behaviour.authorization
    );
  }

  function keep(socket: Duplex): void {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  }

  function tunnel(client: Duplex, port: number): void {
    const server = connect(port, "127.0.0.1");
    keep(server);
    client.pipe(server).pipe(client);
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  }
}
