import { connect } from "node:net";

/** What came back over a raw connection until it ended. */
export interface WireAnswer {
  readonly head: string;
  /** The body with its transfer coding still on. */
  readonly rawBody: string;
  /** The body without chunk sizes. */
  readonly body: string;
  /** The payload of each chunk of the chunked coding, in order. */
  readonly chunks: readonly string[];
  /** How many reads of the socket it took. */
  readonly reads: number;
  /** Whether the body came to its proper end: the last chunk, or all of Content-Length. */
  readonly isComplete: boolean;
  /** The socket's error code, when the connection did not end with FIN. */
  readonly errorCode: string | undefined;
}

/** The lines of a POST to `/responses`, without `Connection: close` the connection stays open. */
export function responsesRequest(body: unknown, headers: Readonly<Record<string, string>> = {}): string {
  const text = JSON.stringify(body);
  const lines = Object.entries({
    Host: "127.0.0.1",
    Authorization: "Bearer sk-test",
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(text)),
    Connection: "close",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /v1/responses HTTP/1.1\r\n${lines.join("")}\r\n${text}`;
}

/** Writes a request to a new connection and reads until the other side ends it. */
export async function exchangeRaw(origin: string, request: string): Promise<WireAnswer> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  let errorCode: string | undefined;
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      errorCode = error.code;
    });
    socket.on("close", () => resolve());
    socket.write(request);
  });
  return { ...parse(Buffer.concat(chunks).toString("latin1")), reads: chunks.length, errorCode };
}

function parse(text: string): Omit<WireAnswer, "reads" | "errorCode"> {
  const end = text.indexOf("\r\n\r\n");
  const head = end < 0 ? text : text.slice(0, end);
  const rawBody = end < 0 ? "" : text.slice(end + 4);
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  if (length !== undefined) {
    return {
      head,
      rawBody,
      body: rawBody,
      chunks: [],
      isComplete: rawBody.length === Number(length),
    };
  }
  const chunks: string[] = [];
  let rest = rawBody;
  let isComplete = false;
  for (let match = /^([0-9a-f]+)\r\n/.exec(rest); match !== null; match = /^([0-9a-f]+)\r\n/.exec(rest)) {
    const size = Number.parseInt(match[1] ?? "", 16);
    if (size === 0) {
      isComplete = true;
      break;
    }
    chunks.push(rest.slice(match[0].length, match[0].length + size));
    rest = rest.slice(match[0].length + size + 2);
  }
  return { head, rawBody, body: chunks.join(""), chunks, isComplete };
}
