import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { onTestFinished } from "vitest";

/**
 * Finds ports that are free now, and that the system gives to nobody who asks for any port, so that they are still
 * free a moment later.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = await listen(port).catch(() => undefined);
    if (server === undefined) continue;
    ports.push(port);
    await close(server);
  }
  return ports;
}

/** Occupies a port until the test is over, and counts who comes. */
export async function occupyPort(port = 0): Promise<{ readonly port: number; readonly requests: string[] }> {
  const requests: string[] = [];
  const server = await listen(port);
  server.on("connection", (socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      requests.push(data.toString());
      socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    });
  });
  onTestFinished(() => close(server));
  return { port: portOf(server), requests };
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await closed;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
