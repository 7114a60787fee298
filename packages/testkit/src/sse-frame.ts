/** One server-sent event as text: event name, one line of data, blank line. */
export function toFrame(event: object): string {
  const name = "type" in event && typeof event.type === "string" ? `event: ${event.type}\n` : "";
  return `${name}data: ${JSON.stringify(event)}\n\n`;
}

/** Tells whether a frame ends a response stream. */
export function isTerminalFrame(frame: string): boolean {
  return /^data: ?\{"type":"response\.(?:completed|failed|incomplete)"/m.test(frame);
}

/** An event of exactly `bytes` bytes of data, at least 256: a finished image, as large ones are in practice. */
export function oversizeFrame(bytes: number): string {
  const event = (result: string): string =>
    JSON.stringify({
      type: "response.output_item.done",
      output_index: 0,
      item: { type: "image_generation_call", id: "ig_oversize", status: "completed", result },
    });
  return `event: response.output_item.done\ndata: ${event("A".repeat(bytes - event("").length))}\n\n`;
}

/** Ends each line with CRLF. */
export function toCrlf(text: string): string {
  return text.replaceAll(/\r?\n/g, "\r\n");
}
