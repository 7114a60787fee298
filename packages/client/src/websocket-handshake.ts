import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { CollectedBody } from "./collected-body.js";
import type { Connector } from "./connector.js";
import { TransportError } from "./errors.js";
import type { ExchangeGuard } from "./exchange-guard.js";
import { type FailedAnswer, readFailure } from "./failed-answer.js";
import type { HeaderFields } from "./header-fields.js";
import { codeOf, toNetworkError } from "./network-error.js";
import { describeTarget, type RequestTarget } from "./request-target.js";
import type { WebSocketSettings } from "./websocket-options.js";

/** How a handshake ended: with an open WebSocket, paused until somebody listens, or with an answer of HTTP. */
export type HandshakeResult =
  | { readonly webSocket: WebSocket; readonly headers: IncomingMessage["headers"] }
  | { readonly refusal: FailedAnswer };

/** What a handshake needs. */
export interface Handshake {
  readonly target: RequestTarget;
  /** `http:` or `https:`. */
  readonly url: URL;
  readonly headers: HeaderFields;
  readonly guard: ExchangeGuard;
  readonly settings: WebSocketSettings;
}

/**
 * Connects and asks the server for a WebSocket.
 *
 * @throws {@link TransportError} of kind `network`, `timeout` or `aborted`. No socket is left then.
 */
export async function shakeHands(connector: Connector, handshake: Handshake): Promise<HandshakeResult> {
  const socket = await connect(connector, handshake);
  const answer = await upgrade(socket, handshake);
  if ("webSocket" in answer) return answer;
  const { refusal } = answer;
  try {
    const body = await readBody(refusal, handshake.guard);
    const failed = { status: refusal.statusCode ?? 0, headers: refusal.headers, ...body };
    return { refusal: await readFailure(handshake.target, failed, true) };
  } finally {
    socket.destroy();
  }
}

const maxHeaderBytes = 64 * 1024;
const maxRefusalBytes = 256 * 1024;
const refusalBodyMs = 5000;

function connect(connector: Connector, { target, url, guard }: Handshake): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { protocol, port } = url;
    const hostname = url.hostname.replace(/^\[|\]$/g, "");
    let isGivenUp = false;
    const abandon = connector({ hostname, port, protocol }, (error, socket) => {
      guard.unwatch();
      if (error !== null) reject(toNetworkError(target, error, false));
      // A tunnel may come up in the moment in which it is given up.
      else if (isGivenUp) socket.on("error", () => {}).destroy();
      else resolve(socket);
    });
    guard.watch(undefined, {
      giveUp(error) {
        isGivenUp = true;
        abandon(error);
        reject(error);
      },
    });
  });
}

type UpgradeAnswer = Extract<HandshakeResult, { webSocket: unknown }> | { readonly refusal: IncomingMessage };

function upgrade(
  socket: Socket,
  { target, url, headers, guard, settings }: Handshake,
): Promise<UpgradeAnswer> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(url, {
      headers: Object.fromEntries(headers),
      perMessageDeflate: settings.perMessageDeflate,
      maxPayload: settings.maxMessageBytes,
      maxHeaderSize: maxHeaderBytes,
      createConnection: () => socket,
    });
    let answerHeaders: IncomingMessage["headers"] = {};
    const fail = (error: TransportError): void => {
      guard.unwatch();
      socket.destroy();
      reject(error);
    };
    webSocket.on("upgrade", (answer) => {
      answerHeaders = answer.headers;
    });
    webSocket.on("open", () => {
      guard.unwatch();
      webSocket.pause();
      resolve({ webSocket, headers: answerHeaders });
    });
    webSocket.on("unexpected-response", (_request, refusal) => resolve({ refusal }));
    // Stays for good: what is cut below says so once more.
    webSocket.on("error", (error) => fail(handshakeError(target, error)));
    guard.watch(undefined, { giveUp: fail });
  });
}

/** Errors without a code are the library's own, about an answer that is no agreement to a WebSocket. */
function handshakeError(target: RequestTarget, error: Error): TransportError {
  if (codeOf(error) !== undefined) return toNetworkError(target, error, true);
  const message = `${describeTarget(target)} failed: ${error.message}`;
  return new TransportError(message, {
    kind: "network",
    code: "websocket_handshake",
    detail: error.message,
    cause: error,
  });
}

interface RefusalBody {
  readonly body: Uint8Array | undefined;
  readonly isCut: boolean;
}

/** The status says more than the failure to read what explains it, so that one gives no body. */
function readBody(refusal: IncomingMessage, guard: ExchangeGuard): Promise<RefusalBody> {
  return new Promise((resolve, reject) => {
    const settle = (body: Uint8Array | undefined, isCut = false): void => {
      guard.unwatch();
      clearTimeout(timer);
      resolve({ body, isCut });
    };
    const collected = new CollectedBody(maxRefusalBytes, settle, () => settle(undefined));
    const timer = setTimeout(() => settle(undefined), refusalBodyMs);
    refusal.on("data", (chunk: Buffer) => collected.push(chunk));
    refusal.on("end", () => collected.end());
    refusal.on("error", () => settle(undefined));
    guard.watch(undefined, {
      giveUp(error) {
        clearTimeout(timer);
        reject(error);
      },
    });
  });
}
