/** One server-sent event as text: event name, one line of data, blank line. */
export function toFrame(event: object): string {
  const name = "type" in event && typeof event.type === "string" ? `event: ${event.type}\n` : "";
  return `${name}data: ${JSON.stringify(event)}\n\n`;
}

/** Tells whether a frame ends a response stream. */
export function isTerminalFrame(frame: string): boolean {
  return /^data: ?\{"type":"response\.(?:completed|failed|incomplete)"/m.test(frame);
}

/** The types of the events that end a response. */
const terminalTypes = /^response\.(?:completed|failed|incomplete)$/;

/** Tells whether an event ends a response stream. */
export function isTerminalType(type: unknown): boolean {
  return typeof type === "string" && terminalTypes.test(type);
}

/** An event of exactly `bytes` bytes of data, as a frame. */
export function oversizeFrame(bytes: number): string {
  return `event: response.output_item.done\ndata: ${oversizeEvent(bytes)}\n\n`;
}

/** An event of exactly `bytes` bytes of JSON, at least 256: a finished image, as large ones are in practice. */
export function oversizeEvent(bytes: number): string {
  const event = (result: string): string =>
    JSON.stringify({
      type: "response.output_item.done",
      output_index: 0,
      item: { type: "image_generation_call", id: "ig_oversize", status: "completed", result },
    });
  return event("A".repeat(bytes - event("").length));
}

/** Ends each line with CRLF. */
export function toCrlf(text: string): string {
  return text.replaceAll(/\r?\n/g, "\r\n");
}
