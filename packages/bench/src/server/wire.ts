/** A complete HTTP/1.1 answer whose body comes in chunks of exactly these bytes; without `ends`, one that goes on. */
export function chunkedAnswer(contentType: string, chunks: readonly Uint8Array[], ends = true): Buffer {
  const parts: Uint8Array[] = [
    Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\ntransfer-encoding: chunked\r\n\r\n`),
  ];
  const lineEnd = Buffer.from("\r\n");
  for (const chunk of chunks) {
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, lineEnd);
  }
  if (ends) parts.push(Buffer.from("0\r\n\r\n"));
  return Buffer.concat(parts);
}

/** A complete HTTP/1.1 answer with a short JSON body. */
export function jsonAnswer(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nkeep-alive: timeout=60\r\n\r\n`,
    ),
    body,
  ]);
}

/** The head of a request, and how long the request is with its body. */
export interface RequestHead {
  readonly path: string;
  readonly requestBytes: number;
}

/** Reads the head of a request, or nothing while it is incomplete. Knows only bodies with a content-length. */
export function parseRequestHead(bytes: Buffer): RequestHead | undefined {
  const headBytes = bytes.indexOf("\r\n\r\n");
  if (headBytes === -1) return undefined;
  const head = bytes.toString("latin1", 0, headBytes);
  if (/^transfer-encoding:/im.test(head))
    throw new TypeError("only bodies with a content-length are understood");
  const path = head.split(" ", 2)[1] ?? "/";
  const contentLength = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return { path, requestBytes: headBytes + 4 + contentLength };
}
