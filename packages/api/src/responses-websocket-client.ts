import type { WebSocketConnection } from "@codex-ts/client";
import { checkProvider, providerUrl } from "./provider.js";
import { mergeHeaders } from "./request-headers.js";
import { sessionHeaders } from "./responses-options.js";
import { ResponsesWebSocketConnection } from "./responses-websocket-connection.js";
import { accountOf } from "./websocket-account.js";
import { toHandshakeError } from "./websocket-errors.js";
import type { WebSocketClientOptions, WebSocketConnectOptions } from "./websocket-options.js";

/** Opens connections on which a model answers over a WebSocket at `<base>/responses`. */
export class ResponsesWebSocketClient {
  readonly #options: WebSocketClientOptions;
  readonly #headers: Record<string, string>;

  /** @throws TypeError when a limit of the provider is no limit. */
  constructor(options: WebSocketClientOptions) {
    checkProvider(options.provider);
    this.#options = options;
    // A copy: it may be an iterable that can be read only once.
    this.#headers = mergeHeaders(options.provider.headers);
  }

  /**
   * Opens a connection. It belongs to the caller and to the login that opened it: no two clients ever share one.
   *
   * Nothing is tried again, but a 401 is answered by the credential's recovery.
   *
   * @throws {@link ApiError} of kind `transport` when there is no answer or the server refuses; status 426 means that it
   * speaks HTTP only. Of kind `stream` when URL, headers or certificates cannot be used, and `aborted`.
   */
  async connect(options: WebSocketConnectOptions = {}): Promise<ResponsesWebSocketConnection> {
    const { provider, auth, telemetry } = this.#options;
    const socket = await this.#open(options);
    try {
      return new ResponsesWebSocketConnection({
        socket,
        provider,
        auth,
        account: accountOf(auth),
        telemetry,
      });
    } catch (error) {
      socket.terminate();
      throw toHandshakeError(error);
    }
  }

  async #open(options: WebSocketConnectOptions): Promise<WebSocketConnection> {
    const { transport, provider, auth, telemetry } = this.#options;
    const { signal, connectTimeoutMs, perMessageDeflate, pingIntervalMs } = options;
    const headers = mergeHeaders(this.#headers, protocolHeaders, sessionHeaders(options));
    try {
      return await transport.connectWebSocket(
        { url: providerUrl(provider, "responses"), headers },
        {
          auth,
          signal,
          connectTimeoutMs,
          perMessageDeflate,
          pingIntervalMs,
          maxMessageBytes: provider.streamMaxEventBytes,
          telemetry,
        },
      );
    } catch (error) {
      throw toHandshakeError(error);
    }
  }
}

const protocolHeaders = { "openai-beta": "responses_websockets=2026-02-06" };
