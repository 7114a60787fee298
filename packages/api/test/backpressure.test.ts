import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { createTransport } from "@codex-ts/client";
import { expect, onTestFinished, test } from "vitest";
import { frames, textDelta } from "./support/frames.js";
import { helloRequest, testClient } from "./support/requests.js";

test("a slow reader slows the server", async () => {
  const server = new EndlessServer();
  const transport = createTransport({ env: {} });
  onTestFinished(async () => {
    await transport.close();
    server.close();
  });
  const stream = await testClient(transport, { provider: { baseUrl: await server.listen() } }).stream(
    helloRequest,
  );
  const events = stream[Symbol.asyncIterator]();
  await events.next();
  await events.next();

  const writtenWhilePaused = await server.blocked();
  // What the kernel buffers on both sides; the client itself holds two socket reads at most.
  expect(writtenWhilePaused).toBeLessThan(32 << 20);
  let bytesRead = 0;
  while (bytesRead < writtenWhilePaused) {
    const { value } = await events.next();
    if (value?.type === "output_text_delta") bytesRead += value.delta.length;
  }
  expect(server.written).toBeGreaterThan(writtenWhilePaused);
  stream.cancel();
});

/** Writes as fast as it is read, for ever. */
class EndlessServer {
  written = 0;
  readonly #server = createServer((_request, response) => void this.#write(response));

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Waits until nothing more could be written for a while. */
  async blocked(): Promise<number> {
    let before: number;
    do {
      before = this.written;
      await wait(100);
    } while (this.written > before);
    return this.written;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #write(response: ServerResponse): Promise<void> {
    const frame = frames(textDelta("x".repeat(16 << 10)));
    const closed = new AbortController();
    response.once("close", () => closed.abort());
    while (!closed.signal.aborted) {
      this.written += frame.length;
      if (!response.write(frame)) await once(response, "drain", { signal: closed.signal }).catch(() => {});
    }
  }
}
