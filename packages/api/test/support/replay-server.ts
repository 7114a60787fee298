import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { chunkBytes, isDelayed, type SseVector } from "./sse-vector.js";

/** A server that answers every request with what a vector says. */
export class ReplayServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(input: SseVector["input"]): Promise<ReplayServer> {
    const server = createServer((request, response) => void replay(input, request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ReplayServer(server);
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

async function replay(
  { headers, chunks, after }: SseVector["input"],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume();
  response.writeHead(200, { ...headers });
  response.flushHeaders();
  for (const chunk of chunks) {
    if (isDelayed(chunk)) await wait(chunk.delay_ms);
    response.write(chunkBytes(chunk));
  }
  if (after === "eof") response.end();
}
