import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import { listenOnLoopback } from "./loopback-port.js";
import type { Pause } from "./pause.js";

/** A request that a browser, or another sign-in, made to the callback server. */
export interface CallbackRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The browser says that a page of another site made it, such as an image there. */
  readonly isFromOtherSite: boolean;
}

/** What the callback server answers. */
export interface CallbackReply {
  readonly status: number;
  readonly body: string;
  /** @defaultValue "text/plain; charset=utf-8" */
  readonly contentType?: string | undefined;
  /** Where the browser is sent. */
  readonly location?: string | undefined;
  /** Called once the answer is on its way, or cannot be delivered. */
  readonly onSent?: (() => void) | undefined;
}

/** Settings of {@link startCallbackServer}. */
export interface CallbackServerOptions {
  /** In order of preference. 0: any free one. */
  readonly ports: readonly number[];
  /** A name under which browsers may ask, beside those that every machine has for itself. */
  readonly redirectHost: string;
  /** Answers one request. Must not reject. */
  readonly answer: (request: CallbackRequest) => CallbackReply | Promise<CallbackReply>;
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

/** A server that waits for a browser to come back. */
export interface CallbackServer {
  readonly port: number;
  /** Stops to listen, gives answers under way a moment, and ends all connections. */
  close(): Promise<void>;
}

/** How long answers under way may take when the server closes. */
const farewellMs = 500;

/**
 * Starts a server on the loopback interface.
 *
 * @throws {@link LoginError} of kind `callback_port`; the pause's error when `signal` fires.
 */
export async function startCallbackServer(options: CallbackServerOptions): Promise<CallbackServer> {
  const server = new LoopbackServer(options);
  await server.listen(options);
  return server;
}

class LoopbackServer implements CallbackServer {
  port = 0;
  readonly #server: Server;
  readonly #answer: CallbackServerOptions["answer"];
  readonly #hostNames: ReadonlySet<string>;
  readonly #exchanges = new Set<Promise<void>>();

  constructor({ answer, redirectHost }: CallbackServerOptions) {
    this.#answer = answer;
    this.#hostNames = new Set(["127.0.0.1", "localhost", "[::1]", redirectHost.toLowerCase()]);
    this.#server = createServer((request, response) => {
      const exchange = this.#serve(request, response);
      this.#exchanges.add(exchange);
      void exchange.finally(() => this.#exchanges.delete(exchange));
    });
  }

  async listen(options: CallbackServerOptions): Promise<void> {
    this.port = await listenOnLoopback(this.#server, options);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    const farewell = setTimeout(() => this.#server.closeAllConnections(), farewellMs);
    await Promise.all(this.#exchanges);
    clearTimeout(farewell);
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.#replyTo(request);
    const { status, body, contentType = "text/plain; charset=utf-8", location, onSent } = reply;
    response.writeHead(status, {
      "content-type": contentType,
      "content-length": Buffer.byteLength(body),
      // A browser that keeps its connection would keep the port from the next sign-in.
      connection: "close",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...(location === undefined ? undefined : { location }),
    });
    response.end(body);
    // A browser that is gone cannot be helped.
    await finished(response).catch(() => {});
    onSent?.();
  }

  #replyTo(request: IncomingMessage): CallbackReply | Promise<CallbackReply> {
    const { headers, url = "" } = request;
    // A page that makes its own name point to this machine (DNS rebinding) asks under that name.
    if (!this.#hostNames.has(hostName(headers.host))) return { status: 421, body: "Misdirected Request" };
    const target = url.startsWith("/") && !url.startsWith("//") ? `http://loopback${url}` : url;
    if (!URL.canParse(target)) return { status: 400, body: "Bad Request" };
    const { pathname, searchParams } = new URL(target);
    const site = headers["sec-fetch-site"] ?? "none";
    return this.#answer({
      path: pathname,
      query: searchParams,
      isFromOtherSite: site !== "none" && site !== "same-origin",
    });
  }
}

function hostName(host = ""): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
}
