import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createTransport, type Transport } from "@codex-ts/client";
import { onTestFinished } from "vitest";
import type { SeenRequest } from "./signature-check.js";

export interface Server {
  readonly url: string;
  readonly requests: SeenRequest[];
}

/** A server of one test. It answers 200, or as told. */
export async function serverOfTest(
  answer: (response: ServerResponse, count: number) => void = (response) => response.end("{}"),
): Promise<Server> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = incoming;
    requests.push({ method, target: url, headers, body: Buffer.concat(chunks) });
    answer(response, requests.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export function transportOfTest(options: Parameters<typeof createTransport>[0] = {}): Transport {
  const transport = createTransport({ proxy: false, ...options });
  onTestFinished(() => transport.close());
  return transport;
}
