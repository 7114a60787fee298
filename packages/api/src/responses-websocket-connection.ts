import { type AuthProvider, toAuthHeaders } from "@codex-ts/auth-provider";
import type { WebSocketCloseOptions, WebSocketConnection } from "@codex-ts/client";
import type { ResponsesRequest } from "@codex-ts/protocol";
import { ApiError } from "./api-error.js";
import { BatchedResponseStream } from "./batched-response-stream.js";
import { CompletedTurn } from "./completed-turn.js";
import type { Provider } from "./provider.js";
import { encodeResponseCreate } from "./request-body.js";
import type { ResponseStream } from "./response-stream.js";
import { abortedError } from "./stream-error.js";
import type { StreamTelemetry } from "./stream-telemetry.js";
import { checkAccount } from "./websocket-account.js";
import { WebSocketDecoder } from "./websocket-decoder.js";
import { parseHandshake, toHandshakeEvents, type WebSocketHandshake } from "./websocket-handshake.js";
import type { WebSocketResponseOptions } from "./websocket-options.js";
import { WebSocketTurn } from "./websocket-turn.js";

/** What a connection is made from. */
export interface ConnectionOptions {
  readonly socket: WebSocketConnection;
  readonly provider: Provider;
  readonly auth: AuthProvider;
  /** What the credential showed when the connection was opened. */
  readonly account: string | undefined;
  readonly telemetry: StreamTelemetry | undefined;
}

/**
 * A WebSocket on which a model answers one request after the other. Made by {@link ResponsesWebSocketClient.connect}.
 *
 * The server remembers the response before. A request that continues it is sent as what it adds, which is found without
 * any help of the caller's: pass the whole `input` each time, with the items that earlier responses gave, and do not
 * change items once they are sent. Any failure, and any response that is left early, ends the connection.
 */
export class ResponsesWebSocketConnection implements AsyncDisposable {
  /** What the server told when it agreed to the connection. */
  readonly handshake: WebSocketHandshake;
  readonly #options: ConnectionOptions;
  #turn: WebSocketTurn | undefined;
  #completed: CompletedTurn | undefined;

  /** @internal */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.handshake = parseHandshake(options.socket.headers, options.socket.isCompressed);
  }

  /** Whether another request can be sent, now or after the response under way. */
  get isOpen(): boolean {
    return this.#options.socket.isOpen;
  }

  /** Whether a response is under way. */
  get isBusy(): boolean {
    return this.#turn !== undefined;
  }

  /**
   * Asks the model for an answer. One at a time: read each stream to its end, or cancel it, which drops the connection.
   *
   * @returns The stream of events, at once. That the request could not be sent is told by reading it.
   * @throws {@link ApiError} of kind `stream`: code `connection_busy`, `connection_closed`, `account_changed` or
   * `invalid_body`; of kind `aborted`. Nothing was sent then.
   */
  async stream(request: ResponsesRequest, options: WebSocketResponseOptions = {}): Promise<ResponseStream> {
    return this.#start(request, options, undefined);
  }

  /**
   * Lets the server prepare for the request that follows, without an answer of the model. The request that follows is
   * sent as what it adds to this one.
   *
   * @throws {@link ApiError} as {@link ResponsesWebSocketConnection.stream} and its stream do.
   */
  async prewarm(request: ResponsesRequest, options: WebSocketResponseOptions = {}): Promise<void> {
    for await (const _event of this.#start(request, options, false)) {
      // Only its end counts.
    }
  }

  /**
   * Closes the connection: tells the server, and waits for it to agree. A response under way ends with an error.
   *
   * @returns When the socket is gone, after `timeoutMs` in any case. Never rejects.
   */
  close(options?: WebSocketCloseOptions): Promise<void> {
    return this.#options.socket.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(
    request: ResponsesRequest,
    { turnState, signal }: WebSocketResponseOptions,
    generate: false | undefined,
  ): BatchedResponseStream {
    const { socket, provider, auth, telemetry } = this.#options;
    const requestId = this.handshake.requestId ?? undefined;
    this.#check(signal, requestId);
    const previous = this.#completed;
    const added = previous?.newInputOf(request);
    const isAddition = previous !== undefined && added !== undefined;
    const text = isAddition
      ? encodeResponseCreate(
          { ...request, input: added },
          { previousResponseId: previous.responseId, generate },
        )
      : encodeResponseCreate(request, { generate });

    let canSendWhole = isAddition;
    const sendWhole = (): boolean => {
      if (!canSendWhole) return false;
      canSendWhole = false;
      turn.send(encodeResponseCreate(sent, { generate }));
      return true;
    };
    const decoder = new WebSocketDecoder({
      source: { url: socket.url, requestId, credential: () => headersOf(auth) },
      turnState,
      sendWhole,
    });
    // A copy is taken now, because the caller goes on with the list.
    const sent = { ...request, input: [...request.input] };
    const turn = new WebSocketTurn(socket, {
      provider,
      requestId,
      signal,
      isCompleted: () => decoder.completedId !== undefined,
      onEnd: () => {
        this.#turn = undefined;
        const { completedId, output } = decoder;
        if (completedId !== undefined) this.#completed = new CompletedTurn(sent, completedId, output);
      },
    });
    this.#turn = turn;
    turn.send(text);
    return new BatchedResponseStream({
      headers: this.handshake.headers,
      batches: turn,
      signal,
      telemetry,
      openingEvents: toHandshakeEvents(this.handshake),
      decoder,
      pollHook: "onWebSocketPoll",
    });
  }

  /** @throws ApiError when no request can be sent now. */
  #check(signal: AbortSignal | undefined, requestId: string | undefined): void {
    const { auth, account, socket } = this.#options;
    if (signal?.aborted) throw abortedError(signal.reason, requestId);
    if (this.#turn !== undefined) {
      throw new ApiError("the websocket connection has another response under way", {
        kind: "stream",
        code: "connection_busy",
        requestId,
      });
    }
    if (!socket.isOpen) {
      throw new ApiError("websocket connection is closed", {
        kind: "stream",
        code: "connection_closed",
        requestId,
        ...(socket.failure === undefined ? {} : { cause: socket.failure }),
      });
    }
    try {
      checkAccount(auth, account);
    } catch (error) {
      socket.terminate();
      throw error;
    }
  }
}

/** A credential that signs whole requests only has no headers to show. */
function headersOf(auth: AuthProvider): Headers | undefined {
  try {
    return toAuthHeaders(auth);
  } catch {
    return undefined;
  }
}
