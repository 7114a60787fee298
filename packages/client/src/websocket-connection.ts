import type { WebSocket } from "ws";
import type { TransportError } from "./errors.js";
import { ExchangeGuard } from "./exchange-guard.js";
import { checkInteger, checkTimeLimit } from "./number-options.js";
import { redactUrl } from "./redaction.js";
import type { RequestTarget } from "./request-target.js";
import type {
  WebSocketCloseOptions,
  WebSocketConnection,
  WebSocketReadOptions,
  WebSocketSendOptions,
} from "./websocket.js";
import { binaryError, brokenError, closedError, deadError, notOpenError } from "./websocket-errors.js";
import { type HeartbeatLimits, startHeartbeat } from "./websocket-heartbeat.js";
import { MessageReader, type MessageSource, toReadLimits } from "./websocket-reader.js";

/** What a connection is made with, besides the socket. */
export interface LiveWebSocketOptions {
  readonly url: string;
  readonly headers: Headers;
  readonly heartbeat: HeartbeatLimits;
  readonly binaryMessages: "refuse" | "skip";
  /** Where the connection is ended from when the transport is closed. */
  readonly guards: Set<ExchangeGuard>;
}

/** From this many unread characters on, the socket is not read any more. */
const highWaterMark = 64 * 1024;

/** A WebSocket that is open, or was. */
export class LiveWebSocket implements WebSocketConnection, MessageSource {
  readonly url: string;
  readonly headers: Headers;
  readonly isCompressed: boolean;
  readonly target: RequestTarget;
  readonly #socket: WebSocket;
  readonly #guard: ExchangeGuard;
  readonly #skipsBinary: boolean;
  readonly #heartbeat: ReturnType<typeof startHeartbeat>;
  #messages: string[] = [];
  #unreadLength = 0;
  #isOpen = true;
  #isCut = false;
  #failure: TransportError | undefined;
  #reader: MessageReader | undefined;

  /** @param socket - Paused since it is open, so that no message is lost before somebody listens. */
  constructor(socket: WebSocket, { url, headers, heartbeat, binaryMessages, guards }: LiveWebSocketOptions) {
    this.#socket = socket;
    this.#skipsBinary = binaryMessages === "skip";
    this.url = redactUrl(url);
    this.headers = headers;
    this.target = { method: "WebSocket", url: this.url };
    this.isCompressed = socket.extensions.includes("permessage-deflate");
    this.#guard = new ExchangeGuard(this.target, undefined, guards);
    this.#guard.watch(undefined, { giveUp: (error) => this.#fail(error) });
    socket.removeAllListeners();
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on("ping", () => this.#onLife());
    socket.on("pong", () => this.#onLife());
    socket.on("error", (error) => this.#fail(brokenError(this.target, error)));
    socket.on("close", (code: number, reason: Buffer) => this.#onClose(code, reason));
    this.#heartbeat = startHeartbeat(heartbeat, {
      ping: () => socket.ping(),
      isReading: () => !socket.isPaused,
      onDead: () => this.#fail(deadError(this.target, "websocket_ping")),
    });
    socket.resume();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get failure(): TransportError | undefined {
    return this.#failure;
  }

  send(text: string, { timeoutMs = 0 }: WebSocketSendOptions = {}): Promise<void> {
    checkTimeLimit("timeoutMs", timeoutMs);
    if (!this.#isOpen) return Promise.reject(this.notOpen());
    return new Promise((resolve, reject) => {
      const timer = startTimer(timeoutMs, () => this.#fail(deadError(this.target, "websocket_send")));
      this.#socket.send(text, (error) => {
        clearTimeout(timer);
        // Node tells no error about a write that was under way when the socket was cut.
        if (this.#isCut) reject(this.#failure ?? this.notOpen());
        else if (error) reject(this.#failure ?? brokenError(this.target, error));
        else resolve();
      });
    });
  }

  messages(options: WebSocketReadOptions = {}): AsyncIterableIterator<readonly string[], undefined> {
    const limits = toReadLimits(options);
    if (this.#reader !== undefined) throw new TypeError("the WebSocket is being read already");
    this.#reader = new MessageReader(this, limits, () => {
      this.#reader = undefined;
    });
    return this.#reader;
  }

  close({ code = 1000, reason = "", timeoutMs = 1000 }: WebSocketCloseOptions = {}): Promise<void> {
    checkInteger("timeoutMs", timeoutMs);
    if (code !== 1000 && !(Number.isInteger(code) && code >= 3000 && code <= 4999))
      throw new TypeError('"code" must be 1000, or 3000 to 4999');
    if (Buffer.byteLength(reason) > 123) throw new TypeError('"reason" must not be longer than 123 bytes');
    if (this.#socket.readyState === this.#socket.CLOSED) return Promise.resolve();
    this.#leave();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#cut(), timeoutMs);
      this.#socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.close(code, reason);
      // The server's answer comes behind what nobody has read yet.
      this.#socket.resume();
    });
  }

  terminate(): void {
    this.#leave();
    this.#cut();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Gives all messages that have arrived, and lets more of them come. */
  takeMessages(): readonly string[] {
    if (this.#messages.length === 0) return none;
    const messages = this.#messages;
    this.#messages = [];
    this.#unreadLength = 0;
    if (this.#isOpen && this.#socket.isPaused) this.#socket.resume();
    return messages;
  }

  /** Ends the connection because its reader has given it up. */
  abandon(error: TransportError): void {
    this.#fail(error);
  }

  /** The error for somebody who uses the connection after its end. */
  notOpen(): TransportError {
    return notOpenError(this.target, this.#failure);
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (!this.#isOpen) return;
    this.#heartbeat.onLife();
    if (isBinary) {
      if (!this.#skipsBinary) this.#fail(binaryError(this.target));
      return;
    }
    const text = data.toString();
    this.#messages.push(text);
    this.#unreadLength += text.length;
    if (this.#unreadLength >= highWaterMark) this.#socket.pause();
    this.#reader?.onMessage();
  }

  #onLife(): void {
    this.#heartbeat.onLife();
    this.#reader?.onLife();
  }

  #onClose(code: number, reason: Uint8Array): void {
    if (this.#isOpen) this.#end(closedError(this.target, code, reason));
    this.#socket.removeAllListeners("message");
  }

  /** Drops the connection; a failure needs no closing handshake. */
  #fail(error: TransportError): void {
    if (!this.#isOpen) return;
    this.#end(error);
    this.#cut();
  }

  /** Ends the connection from here, which is no failure. */
  #leave(): void {
    if (!this.#isOpen) return;
    this.#messages = [];
    this.#end(undefined);
  }

  #cut(): void {
    this.#isCut = true;
    this.#socket.terminate();
  }

  #end(failure: TransportError | undefined): void {
    this.#isOpen = false;
    this.#failure = failure;
    this.#guard.dispose();
    this.#heartbeat.stop();
    this.#reader?.onEnd();
  }
}

const none: readonly string[] = Object.freeze([]);

function startTimer(milliseconds: number, callback: () => void): NodeJS.Timeout | undefined {
  return milliseconds > 0 && milliseconds <= longestTimerMs ? setTimeout(callback, milliseconds) : undefined;
}

// A longer delay makes Node fire at once.
const longestTimerMs = 2 ** 31 - 1;
