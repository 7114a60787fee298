import type { EventSourceParser, ParserConfig } from "eventsource-parser";
import type { SseEvent } from "./sse.js";

/** Cuts text whose lines end in LF into events. */
export interface SseParser {
  feed(text: string): void;
  /** Ends the text, and with it the last event, as if its empty line had come. */
  end(): void;
  /** Returns the events since the last call. */
  take(): SseEvent[];
  /** True when an event is longer than allowed. Nothing is parsed any more, and nothing is kept. */
  isOversize(): boolean;
}

/**
 * Creates a parser that works by `eventsource-parser`.
 *
 * That one forgets the id of an event that has no data, while it has to stay for later events (HTML, 9.2.6). So
 * lines that set an id are taken out here, and it never sees one.
 */
export function createSseParser(
  createParser: (config: ParserConfig) => EventSourceParser,
  maxEventLength: number,
): SseParser {
  let events: SseEvent[] = [];
  let lastEventId = "";
  let isAtLineStart = true;
  let isOversize = false;
  // The pieces of a line that begins with "i", until its end shows whether it sets an id.
  let heldLine: string[] = [];
  let heldLength = 0;

  const parser = createParser({
    onEvent(message) {
      if (message.data.length > maxEventLength) isOversize = true;
      if (isOversize) return;
      // The parser makes a new object for each event, so ours need not be another one.
      message.event ??= "message";
      message.id = lastEventId;
      events.push(message as SseEvent);
    },
    onError(error) {
      if (error.type === "max-buffer-size-exceeded") isOversize = true;
    },
    maxBufferSize: maxEventLength,
  });
  // The parser takes the Latin-1 reading of a byte-order mark off its first piece of text. Ours has none.
  parser.feed("");

  return { feed, end, take, isOversize: () => isOversize };

  function feed(text: string): void {
    if (text === "") return;
    let start = 0;
    let atLineStart = isAtLineStart;
    if (heldLine.length > 0) {
      start = holdToLineEnd(text, 0);
      atLineStart = true;
    }
    for (let line = findLine(text, start, atLineStart); line !== -1; line = findLine(text, start, true)) {
      parse(text.slice(start, line));
      start = holdToLineEnd(text, line);
    }
    parse(start === 0 ? text : text.slice(start));
    isAtLineStart = text.endsWith("\n");
  }

  function end(): void {
    if (heldLine.length > 0) feed("\n");
    parse("\n\n");
  }

  function take(): SseEvent[] {
    const taken = events;
    if (taken.length > 0) events = [];
    return taken;
  }

  function parse(text: string): void {
    if (text !== "" && !isOversize) parser.feed(text);
  }

  /** Returns where the next line starts. That is the end of the text if this line goes on. */
  function holdToLineEnd(text: string, start: number): number {
    const lineEnd = text.indexOf("\n", start);
    hold(text.slice(start, lineEnd === -1 ? undefined : lineEnd));
    if (lineEnd === -1) return text.length;
    const line = heldLine.join("");
    heldLine = [];
    heldLength = 0;
    takeLine(line);
    return lineEnd + 1;
  }

  function hold(piece: string): void {
    heldLength += piece.length;
    if (heldLength <= maxEventLength) {
      heldLine.push(piece);
    } else {
      isOversize = true;
      heldLine = [];
    }
  }

  function takeLine(line: string): void {
    if (line !== "id" && !line.startsWith("id:")) {
      parse(`${line}\n`);
      return;
    }
    const id = line.slice(line.startsWith("id: ") ? 4 : 3);
    if (!id.includes("\0")) lastEventId = id;
  }
}

/** Finds the next line that begins with "i". */
function findLine(text: string, start: number, isAtLineStart: boolean): number {
  if (isAtLineStart && text.startsWith("i", start)) return start;
  const lineEnd = text.indexOf("\ni", start);
  return lineEnd === -1 ? -1 : lineEnd + 1;
}
