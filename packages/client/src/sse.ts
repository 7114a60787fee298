import { SseBatches } from "./sse-batches.js";
import { createSseEvents } from "./sse-events.js";
import { toSseSettings } from "./sse-settings.js";

/** One server-sent event. */
export interface SseEvent {
  /** Name of the event, `message` if the server gave none. */
  readonly event: string;
  /** The `data` lines, joined by LF. */
  readonly data: string;
  /** The last id the server gave, with this event or before it; empty if there is none. */
  readonly id: string;
}

/** Limits for reading an event stream. A time limit of 0 or `Infinity` is off. */
export interface SseOptions {
  /**
   * Longest wait for the first event, in milliseconds.
   *
   * @defaultValue the value of `eventTimeoutMs`
   */
  readonly firstEventTimeoutMs?: number | undefined;
  /**
   * Longest wait for bytes, in milliseconds. Comments count: a server that pings is alive.
   *
   * @defaultValue 300_000
   */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Longest wait for an event, in milliseconds, whatever else arrives in the meantime. Off by default.
   */
  readonly eventTimeoutMs?: number | undefined;
  /**
   * Longest event. Counted in the characters of its text, which never exceed its bytes; so does an event that is
   * still incomplete. The stream ends when an event is longer.
   *
   * @defaultValue 67_108_864 (64 MiB)
   */
  readonly maxEventBytes?: number | undefined;
  /**
   * Delivers a last event whose empty line is missing, if its data is a complete JSON object or array. Off, such an
   * event is dropped, as browsers do.
   *
   * @defaultValue false
   */
  readonly flushTail?: boolean | undefined;
  /** Ends the stream at once, with an error of kind `aborted`. Events that are not delivered yet are dropped. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Cuts a byte stream into server-sent events, on demand: nothing is read ahead of the consumer, and the time it
 * takes counts towards no limit.
 *
 * Leaving the loop, aborting and every failure close the source within the same tick, without waiting for it.
 *
 * @param bytes - UTF-8, cut anywhere. Read once.
 * @throws TypeError when an option is no limit. The iterator itself rejects with a {@link TransportError} of kind
 * `timeout` (codes `sse_first_event`, `sse_idle`, `sse_event`), `network` (`sse_utf8`, once the body is over;
 * `sse_oversize`), `aborted`, or the kind of what the source failed with.
 */
export function decodeSse(
  bytes: AsyncIterable<Uint8Array>,
  options: SseOptions = {},
): AsyncIterableIterator<SseEvent, undefined> {
  return createSseEvents(new SseBatches(bytes, toSseSettings(options)));
}

/**
 * Does the same as {@link decodeSse} and delivers all events that a chunk completes as one array, never an empty
 * one. One promise for each chunk instead of one for each event: half the time where events are small.
 */
export function decodeSseBatches(
  bytes: AsyncIterable<Uint8Array>,
  options: SseOptions = {},
): AsyncIterableIterator<readonly SseEvent[], undefined> {
  return new SseBatches(bytes, toSseSettings(options));
}
