import { once } from "node:events";
import { truncate } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import type { FileSource } from "../src/index.js";
import { answerWith } from "./support/endpoint-backend.js";
import { startFilesBackend, temporaryFile } from "./support/files-backend.js";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const mebibyte = 2 ** 20;
const size = 50 * mebibyte;

/** A storage that counts what it gets and keeps nothing of it. */
async function startSink(): Promise<{ readonly url: string; readonly request: Promise<IncomingMessage> }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const request = once(server, "request").then(([incoming, response]) => {
    incoming.once("end", () => response.writeHead(201).end());
    return incoming as IncomingMessage;
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/blob?sig=secret`, request };
}

/** Bytes of all buffers that are still in use. */
function bytesHeld(): number {
  collectGarbage();
  // Buffers are freed in the background; the second collection waits for the first.
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

const sources: readonly (readonly [string, () => Promise<FileSource>])[] = [
  [
    "file on disk",
    async () => {
      const path = await temporaryFile("large.bin", "");
      await truncate(path, size);
      return { path };
    },
  ],
  ["stream", async () => ({ stream: generated(), size, name: "large.bin" })],
];

async function* generated(): AsyncGenerator<Uint8Array> {
  for (let made = 0; made < size; made += 65_536) yield Buffer.alloc(65_536);
}

test.each(sources)("of a %s of 50 MB never more than 2 MB are held", async (_what, open) => {
  const { backend, client } = await startFilesBackend();
  const sink = await startSink();
  answerWith(backend, "/files", JSON.stringify({ file_id: "f", upload_url: sink.url }));
  answerWith(backend, "/uploaded", '{"status":"success","download_url":"https://d"}');
  const source = await open();

  const before = bytesHeld();
  const held: number[] = [];
  let sent = 0;
  const uploaded = client.upload(source, {
    onProgress: ({ sentBytes }) => {
      if (sentBytes - sent < 4 * mebibyte && sentBytes < size) return;
      sent = sentBytes;
      held.push(bytesHeld() - before);
    },
  });

  // Nobody reads: the upload must stand still, and not fill memory.
  const request = await sink.request;
  for (let standing = -1; standing !== request.socket.bytesRead; ) {
    standing = request.socket.bytesRead;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  held.push(bytesHeld() - before);
  const sentWhileStanding = sent;
  let received = 0;
  request.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  await uploaded;

  expect(received).toBe(size);
  expect(sentWhileStanding).toBeLessThan(size / 2);
  expect(held.length).toBeGreaterThan(10);
  expect(Math.max(...held)).toBeLessThan(2 * mebibyte);
});
