import type { EventSourceMessage, EventSourceParser, ParserConfig } from "eventsource-parser";
import type { SseEvent } from "./sse.js";

/**
 * Cuts text whose lines end in LF into events, by `eventsource-parser`.
 *
 * That parser forgets the id of an event that has no data, while it has to stay for later events (HTML, 9.2.6).
 * So lines that set an id are taken out here, and the parser never sees one.
 */
export class SseParser {
  readonly #parser: EventSourceParser;
  readonly #maxEventLength: number;
  #events: SseEvent[] = [];
  #lastEventId = "";
  #atLineStart = true;
  /** The pieces of a line that begins with "i", until its end shows whether it sets an id. */
  #heldLine: string[] = [];
  #heldLength = 0;
  #oversize = false;

  constructor(createParser: (config: ParserConfig) => EventSourceParser, maxEventLength: number) {
    this.#maxEventLength = maxEventLength;
    this.#parser = createParser({
      onEvent: (message) => this.#onEvent(message),
      onError: (error) => {
        if (error.type === "max-buffer-size-exceeded") this.#oversize = true;
      },
      maxBufferSize: maxEventLength,
    });
    // The parser takes the Latin-1 reading of a byte-order mark off its first piece of text. Ours has none.
    this.#parser.feed("");
  }

  /** True when an event is longer than allowed. Nothing is parsed any more, and nothing is kept. */
  get oversize(): boolean {
    return this.#oversize;
  }

  /** Returns the events since the last call. */
  take(): SseEvent[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }

  feed(text: string): void {
    if (text === "") return;
    let start = 0;
    let atLineStart = this.#atLineStart;
    if (this.#heldLine.length > 0) {
      start = this.#holdToLineEnd(text, 0);
      atLineStart = true;
    }
    for (let line = lineWithI(text, start, atLineStart); line !== -1; line = lineWithI(text, start, true)) {
      this.#parse(text.slice(start, line));
      start = this.#holdToLineEnd(text, line);
    }
    this.#parse(start === 0 ? text : text.slice(start));
    this.#atLineStart = text.endsWith("\n");
  }

  /** Ends the text, and with it the last event, as if its empty line had come. */
  end(): void {
    if (this.#heldLine.length > 0) this.feed("\n");
    this.#parse("\n\n");
  }

  #parse(text: string): void {
    if (text !== "" && !this.#oversize) this.#parser.feed(text);
  }

  /** Returns where the next line starts. That is the end of the text if this line goes on. */
  #holdToLineEnd(text: string, start: number): number {
    const end = text.indexOf("\n", start);
    this.#hold(text.slice(start, end === -1 ? undefined : end));
    if (end === -1) return text.length;
    this.#releaseLine();
    return end + 1;
  }

  #hold(piece: string): void {
    this.#heldLength += piece.length;
    if (this.#heldLength > this.#maxEventLength) {
      this.#oversize = true;
      this.#heldLine = [];
    } else {
      this.#heldLine.push(piece);
    }
  }

  #releaseLine(): void {
    const line = this.#heldLine.join("");
    this.#heldLine = [];
    this.#heldLength = 0;
    if (line !== "id" && !line.startsWith("id:")) {
      this.#parse(`${line}\n`);
      return;
    }
    const id = line.slice(line.startsWith("id: ") ? 4 : 3);
    if (!id.includes("\0")) this.#lastEventId = id;
  }

  #onEvent(message: EventSourceMessage): void {
    if (message.data.length > this.#maxEventLength) this.#oversize = true;
    if (this.#oversize) return;
    // The parser makes a new object for each event, so ours need not be another one.
    message.event ??= "message";
    message.id = this.#lastEventId;
    this.#events.push(message as SseEvent);
  }
}

function lineWithI(text: string, start: number, atLineStart: boolean): number {
  if (atLineStart && text.startsWith("i", start)) return start;
  const lineEnd = text.indexOf("\ni", start);
  return lineEnd === -1 ? -1 : lineEnd + 1;
}
