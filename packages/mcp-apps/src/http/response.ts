import type { TransportStream } from "@codex-ts/client";

/** The media type of event streams. */
export const eventStream = "text/event-stream";

/** Makes the answer that a client of MCP gets. */
export function toResponse(
  { headers }: TransportStream,
  contentType: string,
  body: ConstructorParameters<typeof Response>[0],
): Response {
  const sessionId = headers.get("mcp-session-id");
  return new Response(body, {
    status: 200,
    headers: {
      "content-type": contentType,
      ...(sessionId === null ? {} : { "mcp-session-id": sessionId }),
    },
  });
}

/**
 * Makes a body whose chunks are made as they are read.
 *
 * @param end - Ends what the chunks wait for; to be told to return, they would have to have something first.
 */
export function toBody(
  chunks: AsyncGenerator<Uint8Array, void>,
  end: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        end();
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Writes a message as an event. */
export function encodeEvent(message: string): Uint8Array {
  const lines = message.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return new TextEncoder().encode(`${lines.join("")}\n`);
}
