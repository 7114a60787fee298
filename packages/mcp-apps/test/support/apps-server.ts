import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Backend, startBackend } from "@codex-ts/testkit";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  type EventStore,
  StreamableHTTPServerTransport,
} from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";
import { Credentials } from "./credential-check.js";

/** What the server has received. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The JSON-RPC message. */
  readonly message: {
    readonly id?: number;
    readonly method?: string;
    readonly params?: Record<string, unknown>;
  };
  /** Whose credential it carried, if it was genuine. */
  readonly account: string | undefined;
}

/** Answers a request in place of the server, or does nothing. */
export type Fault = (call: ReceivedCall, response: ServerResponse) => boolean | undefined;

export interface AppsServerOptions {
  /** Answers with JSON in place of event streams. */
  readonly jsonAnswers?: boolean;
  /** Numbers events, so that a stream can be taken up again. */
  readonly eventStore?: EventStore;
}

/**
 * A server of Codex Apps, made with the official SDK, behind a check of credentials; and below the same address the
 * test backend, for files.
 */
export class AppsServer {
  readonly calls: ReceivedCall[] = [];
  readonly credentials = new Credentials();
  /** Account id to what is listed for it. */
  readonly tools = new Map<string, readonly object[]>();
  /** Asked for each request, in their order, until one answers. */
  readonly faults: Fault[] = [];
  readonly backend: Backend;
  readonly sessions = new Map<
    string,
    { readonly transport: StreamableHTTPServerTransport; readonly server: Server }
  >();
  /** How a tool answers. */
  onCall: (params: Record<string, unknown>, account: string) => Promise<object> | object = (
    params,
    account,
  ) => ({
    content: [{ type: "text", text: JSON.stringify({ ...params, account }) }],
  });
  readonly #options: AppsServerOptions;
  readonly #http = createServer((request, response) => void this.#receive(request, response));
  readonly #sockets = new Set<Socket>();

  constructor(backend: Backend, options: AppsServerOptions) {
    this.backend = backend;
    this.#options = options;
    this.#http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get chatgptBaseUrl(): string {
    return `${this.origin}/backend-api`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** What was asked, as `POST tools/list`. */
  get asked(): readonly string[] {
    return this.calls.map(({ method, message }) => [method, message.method].filter(Boolean).join(" "));
  }

  /** The calls of one method. */
  received(method: string): readonly ReceivedCall[] {
    return this.calls.filter(({ message }) => message.method === method);
  }

  async listen(): Promise<void> {
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
  }

  async close(): Promise<void> {
    for (const { transport } of this.sessions.values()) await transport.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#http.close();
    await this.backend.close();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    if (!path.endsWith("/ps/mcp") && !path.endsWith("/wham/apps")) return this.#forward(request, response);
    const text = Buffer.concat(await request.toArray()).toString();
    const message = text === "" ? {} : JSON.parse(text);
    const account = this.credentials.accountOf(request.headers);
    const call = { method: request.method ?? "", path, headers: request.headers, message, account };
    this.calls.push(call);
    for (const fault of this.faults) if (fault(call, response) === true) return;
    if (account === undefined) {
      response.writeHead(401, {
        "www-authenticate": 'Bearer realm="apps"',
        "content-type": "application/json",
      });
      response.end('{"detail":"unauthorized"}');
      return;
    }
    const id = request.headers["mcp-session-id"];
    const session = id === undefined ? await this.#openSession(account) : this.sessions.get(String(id));
    if (session === undefined) {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
      return;
    }
    await session.transport.handleRequest(request, response, text === "" ? undefined : message);
  }

  async #openSession(account: string) {
    const { jsonAnswers = false, eventStore } = this.#options;
    const server = new Server(
      { name: "apps", title: "Apps", version: "1.2.3", description: "All apps" },
      { capabilities: { tools: { listChanged: true } }, instructions: "Use apps." },
    );
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: (this.tools.get(account) ?? []) as never[],
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => ({
      ...(await this.onCall(params as Record<string, unknown>, account)),
    }));
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: jsonAnswers,
      ...(eventStore === undefined ? {} : { eventStore }),
      onsessioninitialized: (id) => void this.sessions.set(id, session),
      onsessionclosed: (id) => void this.sessions.delete(id),
    });
    const session = { transport, server };
    await server.connect(transport as Parameters<Server["connect"]>[0]);
    return session;
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, headers, url } = request;
    const forwarded = openRequest(`${this.backend.urls.origin}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  }
}

/** Starts a server that ends with the test. */
export async function startAppsServer(options: AppsServerOptions = {}): Promise<AppsServer> {
  const server = new AppsServer(await startBackend(), options);
  await server.listen();
  onTestFinished(() => server.close());
  return server;
}
