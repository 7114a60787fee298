import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { request } from "undici";
import { expect, test } from "vitest";
import { answerTo } from "../src/server/answers.ts";
import { createRawServer } from "../src/server/raw-server.ts";
import { chunkedAnswer, parseRequestHead } from "../src/server/wire.ts";
import { workload } from "../src/sse/workloads.ts";

async function withServer(use: (origin: string, port: number) => Promise<void>): Promise<void> {
  const server = createRawServer(answerTo);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    await use(`http://127.0.0.1:${port}`, port);
  } finally {
    server.close();
  }
}

function wireChunks(answer: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  let at = answer.indexOf("\r\n\r\n") + 4;
  for (;;) {
    const lineEnd = answer.indexOf("\r\n", at);
    const size = Number.parseInt(answer.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return chunks;
    chunks.push(answer.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

test.each(["deltas-segments", "deltas-each"] as const)("%s is sent in exactly its chunks", (name) => {
  const sent = wireChunks(answerTo(`/${name}/responses`));
  const { chunks } = workload(name);
  expect(sent.length).toBe(chunks.length);
  expect(sent.findIndex((chunk, index) => !chunk.equals(chunks[index] as Uint8Array))).toBe(-1);
});

test("a client reads the whole workload", async () => {
  await withServer(async (origin) => {
    const { body } = await request(`${origin}/deltas-segments/responses`, {
      method: "POST",
      body: "{}",
      reset: true,
    });
    const received = Buffer.from(await body.bytes());
    expect(received.equals(Buffer.concat(workload("deltas-segments").chunks))).toBe(true);
  });
});

test("a small request gets a small JSON answer, and the next one on the same connection too", async () => {
  await withServer(async (_origin, port) => {
    const socket = connect(port, "127.0.0.1");
    const post = "POST /unary/responses HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}";
    socket.write(post.slice(0, 30));
    socket.write(post.slice(30) + post);
    const whole = answerTo("/unary/responses").length * 2;
    let received = Buffer.alloc(0);
    while (received.length < whole) {
      const [chunk] = (await once(socket, "data")) as [Buffer];
      received = Buffer.concat([received, chunk]);
    }
    socket.destroy();
    expect(received.toString().split("HTTP/1.1 200 OK").length - 1).toBe(2);
    expect(received.length).toBe(whole);
  });
});

test("a held answer stops after its first delta and stays open", () => {
  const answer = answerTo("/held/responses").toString();
  expect(answer.match(/event: response.output_text.delta/g)?.length).toBe(1);
  expect(answer).not.toContain("response.completed");
  expect(answer.endsWith("0\r\n\r\n")).toBe(false);
});

test("an answer that ends has its last chunk", () => {
  const answer = chunkedAnswer("text/plain", [Buffer.from("0123456789abcdef")]).toString();
  expect(answer.split("\r\n\r\n").slice(1).join("\r\n\r\n")).toBe("10\r\n0123456789abcdef\r\n0\r\n\r\n");
});

test("a request is complete with the last byte of its body", () => {
  const head = "POST /unary/responses HTTP/1.1\r\nContent-Length: 5\r\n\r\n";
  expect(parseRequestHead(Buffer.from(head.slice(0, -1)))).toBeUndefined();
  expect(parseRequestHead(Buffer.from(head))).toEqual({
    path: "/unary/responses",
    requestBytes: head.length + 5,
  });
});

test("a path without an answer is refused", () => {
  expect(() => answerTo("/nothing/responses")).toThrow("there is no answer to nothing");
});
