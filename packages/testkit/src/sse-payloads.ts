/** Takes the payloads out of event-stream text that comes in pieces, cut anywhere. */
export async function* ssePayloads(
  pieces: readonly string[] | AsyncIterable<string>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const frames = (rest + piece).split(/\r\n\r\n|\n\n|\r\r/);
    rest = frames.pop() ?? "";
    for (const frame of frames) yield* payloadOf(frame);
  }
}

function* payloadOf(frame: string): Generator<string> {
  const lines = frame.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  if (lines.length > 0) yield lines.map((line) => line.slice(line[5] === " " ? 6 : 5)).join("\n");
}
