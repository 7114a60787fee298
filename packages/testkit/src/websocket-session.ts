import type { WebSocket } from "ws";
import { ManualProgress } from "./answer-progress.js";
import type { BackendState } from "./backend-state.js";
import { errorEvent } from "./error-event.js";
import { RecordedRequest } from "./recorded-request.js";
import { Refusal } from "./refusal.js";
import { responsesBody } from "./responses-body.js";
import { messagesOf } from "./websocket-answer.js";
import { deliverMessages } from "./websocket-delivery.js";
import type { WebSocketLog, WebSocketMessage } from "./websocket-log.js";
import type { OnRequest } from "./websocket-upgrade.js";

/** What a session needs to know. */
export interface WebSocketSessionOptions {
  readonly state: BackendState;
  /** The upgrade, and how far it has got. */
  readonly request: RecordedRequest;
  readonly progress: ManualProgress;
  readonly onRequest: OnRequest;
}

/** One WebSocket: answers its messages one after the other. */
export class WebSocketSession implements WebSocketLog {
  readonly request: RecordedRequest;
  readonly isCompressed: boolean;
  readonly messages: WebSocketMessage[] = [];
  closed: WebSocketLog["closed"];
  readonly #webSocket: WebSocket;
  readonly #state: BackendState;
  readonly #progress: ManualProgress;
  readonly #onRequest: OnRequest;
  readonly #gone = new AbortController();
  /** What a later message may continue: responses that this connection has seen complete. */
  readonly #responseIds = new Set<string>();
  #work: Promise<void> = Promise.resolve();

  constructor(webSocket: WebSocket, { state, request, progress, onRequest }: WebSocketSessionOptions) {
    this.#webSocket = webSocket;
    this.#state = state;
    this.request = request;
    this.#progress = progress;
    this.#onRequest = onRequest;
    this.isCompressed = webSocket.extensions.includes("permessage-deflate");
  }

  start(): void {
    this.#state.webSockets.push(this);
    this.#webSocket.on("error", () => {});
    this.#webSocket.on("close", (code: number, reason: Buffer) => {
      this.closed = { code, reason: reason.toString() };
      // Whoever closes it properly got all that there was to get.
      this.#progress.isComplete = code !== 1006;
      this.#gone.abort();
    });
    this.#webSocket.on("message", (data: Buffer, isBinary: boolean) => {
      const text = isBinary ? "" : data.toString();
      this.messages.push({ from: "client", text, at: Date.now() });
      this.#work = this.#work.then(() => this.#answer(text));
    });
  }

  /** Never rejects. */
  async #answer(text: string): Promise<void> {
    if (this.#gone.signal.aborted) return;
    const progress = new ManualProgress();
    const request = this.#toRequest(text, progress);
    this.#state.log.add(request);
    this.#onRequest(request);
    void this.#progress.closed.then(() => progress.close());
    try {
      await this.#deliver(request, progress);
      progress.isComplete = !this.#gone.signal.aborted;
    } catch {
      // The connection has gone, in the middle of the answer.
    }
    progress.close();
  }

  async #deliver(request: RecordedRequest, progress: ManualProgress): Promise<void> {
    const fault = this.#state.faults.take(request.path, "message");
    const signal = this.#gone.signal;
    const onSent = (text: string): void => this.#noteSent(text, progress);
    await deliverMessages(this.#webSocket, this.#messagesFor(request), {
      fault,
      signal,
      onSent,
      onCut: () => {
        request.isCut = true;
        this.request.isCut = true;
      },
    });
  }

  async *#messagesFor(request: RecordedRequest): AsyncGenerator<string> {
    try {
      const create = this.#toCreate(request);
      yield* messagesOf({ create, request, state: this.#state, signal: this.#gone.signal });
    } catch (error) {
      if (this.#gone.signal.aborted) throw error;
      yield errorEvent(error);
    }
  }

  /** @throws {@link Refusal} for a message that asks for no response. */
  #toCreate(request: RecordedRequest): ReturnType<typeof responsesBody> & { readonly generate: boolean } {
    const message = parseObject(request);
    if (message["type"] !== "response.create") {
      throw new Refusal("'type' must be response.create", {
        status: 400,
        code: "invalid_request_body",
        param: "type",
      });
    }
    const previous = message["previous_response_id"];
    if (previous !== undefined && !(typeof previous === "string" && this.#responseIds.has(previous))) {
      throw new Refusal(`Previous response with id '${String(previous)}' not found.`, {
        status: 400,
        code: "previous_response_not_found",
        param: "previous_response_id",
      });
    }
    return { ...responsesBody({ stream: true, ...message }), generate: message["generate"] !== false };
  }

  #noteSent(text: string, progress: ManualProgress): void {
    this.messages.push({ from: "server", text, at: Date.now() });
    const event = tryParse(text) as
      | { type?: unknown; status?: unknown; response?: { id?: unknown } }
      | undefined;
    progress.status ??= typeof event?.status === "number" && event.type === "error" ? event.status : 200;
    if (event?.type === "response.completed" && typeof event.response?.id === "string")
      this.#responseIds.add(event.response.id);
  }

  /** A message in the form of a request: with the headers of the upgrade, and the message as its body. */
  #toRequest(text: string, progress: ManualProgress): RecordedRequest {
    const { path, query, headers, rawHeaders, localSocketId, auth } = this.request;
    const message = {
      method: "WEBSOCKET",
      url: query.size === 0 ? path : `${path}?${query}`,
      headers,
      rawHeaders: rawHeaders.flat(),
    };
    const request = new RecordedRequest(message, progress, localSocketId, auth);
    request.rawBody = Buffer.from(text);
    request.body = request.rawBody;
    return request;
  }
}

function parseObject(request: RecordedRequest): Readonly<Record<string, unknown>> {
  const value = tryParse(request.body.toString());
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new Refusal("The message is not a JSON object", { status: 400, code: "invalid_json" });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
