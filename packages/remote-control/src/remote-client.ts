import type { RemoteControlMessage } from "@codex-ts/protocol";
import type { Outbox } from "./outbox.js";
import { abortedError, RemoteControlError } from "./remote-control-error.js";
import type { StreamKey } from "./stream-key.js";
import { type LineLimits, WaitingLine } from "./waiting-line.js";

/**
 * Why a client has gone.
 *
 * `client_closed`: it said so. `closed`: the host closed it. `disabled`: remote control was switched off or closed, or
 * now belongs to another account or server. `idle`: it has shown no life for too long. `replaced`: the same client has
 * begun anew.
 */
export type RemoteClientEnd = "client_closed" | "closed" | "disabled" | "idle" | "replaced";

/** How something is sent to a client. */
export interface RemoteClientSendOptions {
  /** Gives up while the message waits its turn. What was taken in is sent in any case. */
  readonly signal?: AbortSignal | undefined;
}

/** How a client is read. */
export interface RemoteClientReadOptions {
  /** Ends the reading, with an error of kind `aborted`. The client stays. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A client that talks to this server from elsewhere, such as a phone: JSON-RPC messages in, JSON-RPC messages out. The
 * first one in is its request `initialize`.
 *
 * Disconnects do not show: each message arrives once and in order, in both directions. A reader that is slow slows the
 * sender.
 */
export interface RemoteClient extends AsyncIterable<RemoteControlMessage>, AsyncDisposable {
  readonly clientId: string;
  /** Tells apart the sessions of one client. */
  readonly streamId: string;
  readonly isOpen: boolean;
  /** Why the client has gone, once it has. */
  readonly end: RemoteClientEnd | undefined;
  /**
   * Reads messages, one at a time. Ends when the client has gone and all it sent was read.
   *
   * Leaving the loop leaves the client open, for another reader to go on.
   *
   * @throws TypeError while there is another reader.
   */
  messages(options?: RemoteClientReadOptions): AsyncIterableIterator<RemoteControlMessage, undefined>;
  /**
   * Sends a message, over this connection or, after a disconnect, over the next one.
   *
   * @returns When the message was taken in, which waits until clients have acknowledged enough of what was sent before.
   * @throws {@link RemoteControlError} with code `client_closed` when the client has gone, `message_too_large` beyond 100
   * MiB, `message_unserializable`; of kind `aborted` when the signal fires while the message waits.
   */
  send(message: RemoteControlMessage, options?: RemoteClientSendOptions): Promise<void>;
  /** Ends the session with this client. What was taken in before is still sent. Safe to call at any time. */
  close(): void;
}

/** What a client needs of its surroundings. */
export interface RemoteClientContext {
  readonly key: StreamKey;
  readonly outbox: Outbox;
  readonly limits: LineLimits;
  /** Called once, when the host closes it. */
  readonly onClose: () => void;
}

/** A client while it lasts. */
export class TrackedClient implements RemoteClient {
  readonly clientId: string;
  readonly streamId: string;
  readonly line: WaitingLine<RemoteControlMessage>;
  readonly #context: RemoteClientContext;
  #end: RemoteClientEnd | undefined;

  constructor(context: RemoteClientContext) {
    this.#context = context;
    this.clientId = context.key.clientId;
    this.streamId = context.key.streamId;
    this.line = new WaitingLine(context.limits);
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  get end(): RemoteClientEnd | undefined {
    return this.#end;
  }

  messages({ signal }: RemoteClientReadOptions = {}): AsyncIterableIterator<RemoteControlMessage, undefined> {
    return this.line.read(signal, abortedError);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<RemoteControlMessage, undefined> {
    return this.messages();
  }

  async send(message: RemoteControlMessage, { signal }: RemoteClientSendOptions = {}): Promise<void> {
    if (this.#end !== undefined) throw goneError(this.#end);
    const json = toJson(message);
    await this.#context.outbox.send(this.#context.key, json, signal);
  }

  close(): void {
    if (this.#end !== undefined) return;
    this.finish("closed");
    this.#context.onClose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Ends the client from outside. Its reader still sees what has arrived, unless the host itself has closed it. */
  finish(end: RemoteClientEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.line.end(end === "closed");
  }
}

/** The error of whoever still sends to a client that has gone. */
export function goneError(end: RemoteClientEnd): RemoteControlError {
  return new RemoteControlError(`the client has gone: ${reasons[end]}`, {
    kind: "interrupted",
    code: "client_closed",
  });
}

const reasons: Readonly<Record<RemoteClientEnd, string>> = {
  client_closed: "it was closed by its own side",
  closed: "it was closed from here",
  disabled: "remote control was switched off, or belongs to another server now",
  idle: "it has shown no life for too long",
  replaced: "it has begun anew",
};

function toJson(message: RemoteControlMessage): string {
  let json: string | undefined;
  let cause: unknown;
  try {
    json = JSON.stringify(message);
  } catch (error) {
    cause = error;
  }
  if (json?.startsWith("{")) return json;
  throw new RemoteControlError("the message cannot be written as JSON", {
    kind: "invalid_input",
    code: "message_unserializable",
    ...(cause === undefined ? {} : { cause }),
  });
}
