import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import type { ReceivedRequest } from "../received-request.js";
import type { RecordedRequest } from "../recorded-request.js";
import { readServerEnvelope } from "./envelopes.js";
import { LocalPeer, type RemotePeer, type RemotePeerOptions } from "./remote-peer.js";

/** When a connection is to be dropped. */
export interface CutPoint {
  /** After so many envelopes from now on. */
  readonly afterEnvelopes: number;
  /** Which ones count: those from the server, those to it, or all. Default `either`. */
  readonly direction?: "either" | "from_server" | "to_server" | undefined;
  /** Counts only parts of messages after which more parts have to come. Default false. */
  readonly isInsideMessage?: boolean | undefined;
  /** How many acknowledgements are lost just before, of the envelopes from the server that count. Default 0. */
  readonly losesAcks?: number | undefined;
  /** Default `cut`: without a word. A number: with this code. */
  readonly how?: "cut" | number | undefined;
}

/** A connection of a server. */
export interface RemoteConnection {
  /** The upgrade. */
  readonly request: ReceivedRequest;
  /** Where the server wanted to go on. */
  readonly cursor: string | undefined;
  /** How it was closed, once it is; 1006 when no close frame came. */
  readonly closedWith: number | undefined;
}

/** A server that has enrolled. */
export interface RemoteServer {
  readonly serverId: string;
  readonly environmentId: string;
  readonly accountId: string;
  /** The body of its enrolment. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly isConnected: boolean;
  /** All connections so far, oldest first. */
  readonly connections: readonly RemoteConnection[];
  /** What it did that it should not have done: envelopes that are not well made, numbers out of order. */
  readonly violations: readonly string[];
  /** Resolves when it has connected so many times, in all. */
  waitForConnections(count: number): Promise<void>;
  /** Makes a client of it. It does not say anything by itself. */
  openClient(options?: RemotePeerOptions): RemotePeer;
  /**
   * Sends something as it is: an object becomes an envelope that the server must not miss; a text, or bytes, go out as
   * they are.
   */
  sendRaw(frame: object | string | Uint8Array): Promise<void>;
  /** Drops the connection of this moment. Default: without a word; with a code, properly. */
  disconnect(how?: "cut" | number): void;
  /** Drops a connection later. Several are taken one after the other. */
  disconnectAfter(point: CutPoint): void;
  /** Loses so many acknowledgements, as a connection does that breaks in time. */
  loseAcks(count: number): void;
  /** Reads nothing of the connection, also not those to come. False goes on. */
  pause(isPaused: boolean): void;
  /** Refuses all tokens so far. */
  expireTokens(): void;
}

interface QueuedEnvelope {
  readonly number: number;
  readonly text: string;
  readonly onWritten: (() => void) | undefined;
  /** Whether more parts of its message come after it. */
  readonly isUnfinished: boolean;
  isWritten: boolean;
}

/** A server while a test runs: what it has yet to get, whatever its connections. */
export class LocalServer implements RemoteServer {
  readonly serverId: string = `srv_${randomUUID()}`;
  readonly environmentId: string = `env_${randomUUID()}`;
  readonly accountId: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly connections: LocalConnection[] = [];
  readonly violations: string[] = [];
  /** Tokens with the time at which they end, epoch milliseconds. */
  readonly tokens: Map<string, number> = new Map();
  readonly #peers: LocalPeer[] = [];
  readonly #waiters = new Set<() => void>();
  readonly #points: (CutPoint & { left: number })[] = [];
  #queue: QueuedEnvelope[] = [];
  #count = 0;
  #acksToLose = 0;
  #isPaused = false;

  constructor(accountId: string, facts: Readonly<Record<string, unknown>>) {
    this.accountId = accountId;
    this.facts = facts;
  }

  get isConnected(): boolean {
    return this.connections.at(-1)?.closedWith === undefined && this.connections.length > 0;
  }

  waitForConnections(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.connections.length < count) return;
        this.#waiters.delete(check);
        resolve();
      };
      this.#waiters.add(check);
      check();
    });
  }

  openClient(options: RemotePeerOptions = {}): RemotePeer {
    const link = {
      queue: (envelopes: readonly object[]) => this.#enqueue(envelopes),
      sendNow: (envelope: object) => this.#acknowledge(envelope),
      blame: (what: string) => void this.violations.push(what),
    };
    const peer = new LocalPeer(link, this.#peers.length + 1, options);
    this.#peers.push(peer);
    return peer;
  }

  sendRaw(frame: object | string | Uint8Array): Promise<void> {
    const isEnvelope = typeof frame === "object" && !(frame instanceof Uint8Array);
    if (isEnvelope) return this.#enqueue([frame]);
    return new Promise((resolve) => this.#current?.socket.send(frame, () => resolve()));
  }

  disconnect(how: "cut" | number = "cut"): void {
    this.#current?.end(how);
  }

  disconnectAfter(point: CutPoint): void {
    this.#points.push({ ...point, left: point.afterEnvelopes });
  }

  loseAcks(count: number): void {
    this.#acksToLose += count;
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#current?.pause(isPaused);
  }

  expireTokens(): void {
    this.tokens.clear();
  }

  /** Serves a new connection: begins after what the server says it has got. */
  attach(socket: WebSocket, request: RecordedRequest, onClosed: (code: number) => void): void {
    // A server has one connection.
    this.#current?.end(4000);
    const cursor = request.headers["x-codex-subscribe-cursor"] as string | undefined;
    this.#forgetUpTo(cursor);
    const connection: LocalConnection = new LocalConnection(socket, request, cursor, {
      onText: (text) => this.#accept(connection, text),
      onClosed,
    });
    this.connections.push(connection);
    connection.pause(this.#isPaused);
    void this.#write(connection);
    for (const wake of this.#waiters) wake();
  }

  get #current(): LocalConnection | undefined {
    const last = this.connections.at(-1);
    return last?.closedWith === undefined ? last : undefined;
  }

  #forgetUpTo(cursor: string | undefined): void {
    if (cursor === undefined) return;
    const number = Number(/^cursor-(\d+)$/.exec(cursor)?.[1] ?? Number.NaN);
    if (Number.isNaN(number) || number > this.#count) this.violations.push(`${cursor} was never sent`);
    else this.#queue = this.#queue.filter((envelope) => envelope.number > number);
  }

  #enqueue(envelopes: readonly object[]): Promise<void> {
    return new Promise((resolve) => {
      for (const [index, envelope] of envelopes.entries()) {
        this.#count += 1;
        const text = JSON.stringify({ cursor: `cursor-${this.#count}`, ...envelope });
        const isUnfinished = index < envelopes.length - 1;
        const onWritten = isUnfinished ? undefined : resolve;
        this.#queue.push({ number: this.#count, text, onWritten, isUnfinished, isWritten: false });
      }
      this.#current?.wake();
    });
  }

  async #write(connection: LocalConnection): Promise<void> {
    let written = 0;
    for (;;) {
      const next = this.#queue[Math.max(0, written + 1 - (this.#queue[0]?.number ?? 0))];
      if (connection.closedWith !== undefined) return;
      if (next === undefined) {
        await connection.untilWoken();
        continue;
      }
      written = next.number;
      if (!(await connection.send(next.text))) return;
      if (!next.isWritten) {
        next.isWritten = true;
        next.onWritten?.();
      }
      this.#countEnvelope(connection, "to_server", next.isUnfinished);
    }
  }

  async #accept(connection: LocalConnection, text: string): Promise<void> {
    try {
      const envelope = readServerEnvelope(text);
      const isUnfinished =
        envelope.type === "server_message_chunk" && envelope.segmentId < envelope.segmentCount - 1;
      if (this.#countEnvelope(connection, "from_server", isUnfinished)) return;
      const peer = this.#peers.findLast((candidate) => candidate.isFor(envelope));
      if (peer === undefined) this.violations.push(`nobody is ${envelope.clientId} on ${envelope.streamId}`);
      await peer?.accept(envelope);
    } catch (error) {
      this.violations.push(error instanceof Error ? error.message : String(error));
    }
  }

  #acknowledge(envelope: object): void {
    if (this.#acksToLose > 0) {
      this.#acksToLose -= 1;
      return;
    }
    void this.#current?.send(JSON.stringify(envelope));
  }

  /** @returns Whether the connection was dropped. */
  #countEnvelope(
    connection: LocalConnection,
    direction: "from_server" | "to_server",
    isUnfinished: boolean,
  ): boolean {
    const [point] = this.#points;
    if (point === undefined || connection.closedWith !== undefined) return false;
    const { direction: counted = "either", isInsideMessage = false } = point;
    if (isInsideMessage && !isUnfinished) return false;
    if (counted !== "either" && counted !== direction) return false;
    point.left -= 1;
    if (direction === "from_server" && point.left < (point.losesAcks ?? 0)) this.#acksToLose += 1;
    if (point.left > 0) return false;
    this.#points.shift();
    this.#acksToLose = 0;
    connection.end(point.how ?? "cut");
    return true;
  }
}

/** One connection. Reads one envelope after the other, and no faster than they are dealt with. */
class LocalConnection implements RemoteConnection {
  readonly socket: WebSocket;
  readonly request: RecordedRequest;
  readonly cursor: string | undefined;
  closedWith: number | undefined;
  readonly #onText: (text: string) => Promise<void>;
  readonly #texts: string[] = [];
  #isReading = false;
  #isPaused = false;
  #wake: (() => void) | undefined;

  constructor(
    socket: WebSocket,
    request: RecordedRequest,
    cursor: string | undefined,
    { onText, onClosed }: { onText: (text: string) => Promise<void>; onClosed: (code: number) => void },
  ) {
    this.socket = socket;
    this.request = request;
    this.cursor = cursor;
    this.#onText = onText;
    socket.on("error", () => {});
    socket.on("message", (data: Buffer) => {
      this.#texts.push(data.toString());
      this.#steer();
      if (!this.#isReading) void this.#read();
    });
    socket.on("close", (code: number) => {
      this.closedWith ??= code;
      this.wake();
      onClosed(code);
    });
  }

  /** @returns Whether it was handed to the operating system. */
  send(text: string): Promise<boolean> {
    if (this.closedWith !== undefined) return Promise.resolve(false);
    return new Promise((resolve) => this.socket.send(text, (error) => resolve(!error)));
  }

  end(how: "cut" | number): void {
    if (this.closedWith !== undefined) return;
    this.closedWith = how === "cut" ? 1006 : how;
    this.#texts.length = 0;
    this.wake();
    if (how === "cut") this.socket.terminate();
    else this.socket.close(how);
    // The server's agreement comes behind what nobody reads any more.
    this.socket.resume();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#steer();
    if (!isPaused && !this.#isReading) void this.#read();
  }

  wake(): void {
    this.#wake?.();
  }

  untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    for (;;) {
      const text = this.#isPaused || this.closedWith !== undefined ? undefined : this.#texts.shift();
      if (text === undefined) break;
      this.#steer();
      await this.#onText(text);
    }
    this.#isReading = false;
    this.#steer();
  }

  #steer(): void {
    if (this.closedWith !== undefined) return;
    if (this.#isPaused || this.#texts.length > 4) this.socket.pause();
    else this.socket.resume();
  }
}
