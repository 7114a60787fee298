import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { ManualProgress } from "./answer-progress.js";
import type { BackendState } from "./backend-state.js";
import { checkCredential } from "./credential-check.js";
import { type ExchangeContext, startExchange } from "./exchange.js";
import { RecordedRequest } from "./recorded-request.js";
import { remoteControlSocketPath, welcomeServer } from "./remote-control/routes.js";
import { responsesRoute } from "./routes/responses.js";
import { WebSocketSession } from "./websocket-session.js";

/** Told of everything that is answered: an upgrade, and each message on a WebSocket. */
export type OnRequest = (request: RecordedRequest) => void;

/** Answers requests for an upgrade: with a WebSocket, or over HTTP. */
export class Upgrader {
  readonly #state: BackendState;
  readonly #server: WebSocketServer;

  constructor(state: BackendState) {
    this.#state = state;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: state.webSocketCompression,
      maxPayload: state.maxBodyBytes,
    });
  }

  /** Never rejects. */
  upgrade(
    incoming: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    context: ExchangeContext,
    onRequest: OnRequest,
  ): void {
    const path = incoming.url?.split("?", 1)[0] ?? "/";
    if (remoteControlSocketPath.test(path)) {
      this.#upgradeRemoteControl(incoming, socket, head, { context, onRequest, path });
      return;
    }
    const isWebSocket =
      responsesRoute.pattern.test(path) && incoming.headers.upgrade?.toLowerCase() === "websocket";
    const fault = isWebSocket ? this.#state.faults.take(path, "upgrade") : undefined;
    const auth = checkCredential(incoming.headers, this.#state.credentialRules);
    const isWelcome = !this.#state.requireAuth || (auth.kind !== "none" && auth.kind !== "invalid");
    if (!isWebSocket || !isWelcome || fault !== undefined) {
      onRequest(startExchange(incoming, answerOn(incoming, socket), { ...context, fault }));
      return;
    }
    const progress = new ManualProgress();
    const request = new RecordedRequest(incoming, progress, context.socketId, auth);
    this.#state.log.add(request);
    onRequest(request);
    // Emitted by the server when the client has gone, or asks for what is no WebSocket.
    socket.once("close", () => progress.close());
    this.#server.once("headers", (lines) => lines.push(...this.#headerLines(request)));
    this.#server.handleUpgrade(incoming, socket, head, (webSocket: WebSocket) => {
      progress.status = 101;
      new WebSocketSession(webSocket, { state: this.#state, request, progress, onRequest }).start();
    });
  }

  /** A server of remote control comes with a token of its own. */
  #upgradeRemoteControl(
    incoming: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { context, onRequest, path }: { context: ExchangeContext; onRequest: OnRequest; path: string },
  ): void {
    const fault = this.#state.faults.take(path, "upgrade");
    const server = fault === undefined ? welcomeServer(incoming, this.#state) : undefined;
    if (server === undefined) {
      onRequest(startExchange(incoming, answerOn(incoming, socket), { ...context, fault }));
      return;
    }
    const progress = new ManualProgress();
    const auth = checkCredential(incoming.headers, this.#state.credentialRules);
    const request = new RecordedRequest(incoming, progress, context.socketId, auth);
    this.#state.log.add(request);
    onRequest(request);
    socket.once("close", () => progress.close());
    this.#server.handleUpgrade(incoming, socket, head, (webSocket: WebSocket) => {
      progress.status = 101;
      server.attach(webSocket, request, (code) => {
        progress.isComplete = code !== 1006;
      });
    });
  }

  #headerLines({ requestId }: RecordedRequest): string[] {
    const headers = {
      "x-request-id": requestId,
      ...this.#state.catalogue.announcement,
      ...this.#state.rateLimitHeaders(),
      ...this.#state.webSocketHeaders,
    };
    return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  }
}

/** Makes an answer over HTTP on a socket that Node has taken out of its own hands. */
function answerOn(incoming: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(incoming);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  // Node has taken its own listener away with the upgrade, and a client that resets must not end the process.
  socket.on("error", () => {});
  // Nobody reads what the client may still send, and the end of the connection would be missed.
  socket.resume().once("end", () => socket.end());
  response.once("finish", () => socket.end());
  return response;
}
