import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { AuthProvider } from "@codex-ts/auth-provider";
import type {
  ExchangeOptions,
  RequestTelemetry,
  Transport,
  TransportRequest,
  TransportStream,
} from "@codex-ts/client";
import { isMcpAppsError, McpAppsError } from "../errors.js";
import type { CodexAppsServer } from "../server.js";
import { checkAnswer, readAnswer } from "./answer-body.js";
import { answerMessages, encodeEvent, serverMessages } from "./event-streams.js";
import { toHttpFailure } from "./failure.js";
import { type OutgoingMessages, type RpcId, readOutgoing } from "./json-rpc.js";
import { isRetriedMethod, retryDelayMs } from "./retry.js";

/** What requests to the server are made with. */
export interface AppsHttpOptions {
  readonly transport: Transport;
  readonly server: CodexAppsServer;
  /** Asked for each request. */
  readonly credential: () => AuthProvider;
  readonly telemetry?: RequestTelemetry | undefined;
}

/** A request, without what all have in common. */
interface Outgoing {
  readonly method: "DELETE" | "GET" | "POST";
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number | undefined;
}

/**
 * Carries the messages of one MCP client over HTTP. It gives the client a `fetch` whose answers are complete: the
 * transport has signed, recovered, redirected and retried, broken streams were taken up again, and what fails rejects
 * with an {@link McpAppsError}.
 */
export class AppsHttp {
  readonly #options: AppsHttpOptions;
  readonly #origin: string;
  /** The requests that wait for their answer. */
  readonly #waiting = new Map<RpcId, AbortController>();
  /** Failures that were reported within a stream, where only text can be. */
  readonly #failures = new Map<string, McpAppsError>();

  constructor(options: AppsHttpOptions) {
    this.#options = options;
    this.#origin = new URL(options.server.url).origin;
  }

  readonly fetch = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    if (url.origin !== this.#origin)
      throw new McpAppsError(`nothing is sent to ${url.origin}, which is not the server of Codex Apps`, {
        kind: "origin",
      });
    const headers = new Headers(init.headers);
    const signal = init.signal ?? new AbortController().signal;
    const request = { url: url.href, headers, signal };
    try {
      switch (init.method) {
        case "POST":
          return await this.#post({ ...request, method: "POST", body: String(init.body ?? "") });
        case "DELETE":
          return await this.#delete({ ...request, method: "DELETE" });
        default:
          return await this.#listen({ ...request, method: "GET" });
      }
    } catch (error) {
      throw toHttpFailure(error, headers.has("mcp-session-id"));
    }
  };

  /** Finds the failure behind an error that came out of a stream. */
  failureOf(data: unknown): McpAppsError | undefined {
    const key = (data as { readonly [failureMember]?: string } | undefined)?.[failureMember];
    const failure = key === undefined ? undefined : this.#failures.get(key);
    if (key !== undefined) this.#failures.delete(key);
    return failure;
  }

  async #post(request: Outgoing): Promise<Response> {
    const outgoing = readOutgoing(request.body ?? "");
    for (const id of outgoing.cancelled) this.#waiting.get(id)?.abort();
    if (outgoing.ids.length === 0)
      return this.#withRetries(outgoing, request.signal, () => this.#notify(request));
    const waiting = new AbortController();
    for (const id of outgoing.ids) this.#waiting.set(id, waiting);
    const signal = AbortSignal.any([request.signal, waiting.signal]);
    const finish = (): void => {
      for (const id of outgoing.ids) if (this.#waiting.get(id) === waiting) this.#waiting.delete(id);
    };
    try {
      const answer = await this.#withRetries(outgoing, signal, () =>
        this.#ask({ ...request, signal }, outgoing, finish),
      );
      return answer;
    } catch (error) {
      finish();
      throw error;
    }
  }

  async #withRetries(
    { methods }: OutgoingMessages,
    signal: AbortSignal,
    send: () => Promise<Response>,
  ): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        // A session is named by the request, but whether one was forgotten is told by the outer failure.
        const delayMs = methods.every(isRetriedMethod)
          ? retryDelayMs(toHttpFailure(error, true), attempt)
          : undefined;
        if (delayMs === undefined) throw error;
        await setTimeout(delayMs, undefined, { signal });
      }
    }
  }

  /** Sends what wants no answer. */
  async #notify(request: Outgoing): Promise<Response> {
    const { startupTimeoutMs } = this.#options.server;
    const stream = await this.#open({ ...request, timeoutMs: startupTimeoutMs || undefined });
    stream.cancel();
    return new Response(null, { status: stream.status === 204 ? 202 : stream.status });
  }

  /** Sends requests. The answer to one that is retried is complete, that to any other arrives as it comes. */
  async #ask(request: Outgoing, outgoing: OutgoingMessages, finish: () => void): Promise<Response> {
    const stream = await this.#open(request);
    try {
      const kind = checkAnswer(stream);
      const pending = new Set(outgoing.ids);
      if (kind === "json") {
        const text = await readAnswer(stream, pending);
        finish();
        return answer(stream, "application/json", text);
      }
      const messages = answerMessages(this.#resumable(stream, request), pending);
      if (!outgoing.methods.every(isRetriedMethod))
        return answer(stream, eventStream, toBody(this.#reported(messages, pending, request.signal, finish)));
      const events: Uint8Array[] = [];
      for await (const message of messages) events.push(encodeEvent(message));
      finish();
      return answer(stream, eventStream, Buffer.concat(events));
    } catch (error) {
      stream.cancel();
      throw error;
    }
  }

  /** Opens the stream on which the server speaks by itself. */
  async #listen(request: Outgoing): Promise<Response> {
    let stream: TransportStream;
    try {
      stream = await this.#openEvents(request);
    } catch (error) {
      const failure = toHttpFailure(error, request.headers.has("mcp-session-id"));
      // A server need not have one.
      if (failure.status === 405) return new Response(null, { status: 405 });
      throw failure;
    }
    const { signal } = request;
    return answer(
      stream,
      eventStream,
      toBody(encoded(serverMessages(this.#resumable(stream, request)), signal)),
    );
  }

  async #delete(request: Outgoing): Promise<Response> {
    try {
      const stream = await this.#open({ ...request, timeoutMs: this.#options.server.startupTimeoutMs });
      stream.cancel();
      return new Response(null, { status: 204 });
    } catch (error) {
      const failure = toHttpFailure(error, true);
      // A server may keep its sessions to itself.
      if (failure.status === 405) return new Response(null, { status: 405 });
      throw failure;
    }
  }

  #resumable(first: TransportStream, { url, headers, signal }: Outgoing) {
    return {
      first,
      signal,
      reopen: (lastEventId: string): Promise<TransportStream> => {
        const again = new Headers(headers);
        again.delete("content-type");
        again.set("accept", eventStream);
        if (lastEventId !== "") again.set("last-event-id", lastEventId);
        return this.#openEvents({ method: "GET", url, headers: again, signal });
      },
    };
  }

  async #openEvents(request: Outgoing): Promise<TransportStream> {
    try {
      const stream = await this.#open(request);
      if (checkAnswer(stream) === "events") return stream;
      stream.cancel();
      throw new McpAppsError("Codex Apps answered with JSON where events belong", { kind: "invalid_answer" });
    } catch (error) {
      throw toHttpFailure(error, request.headers.has("mcp-session-id"));
    }
  }

  async #open({ method, url, headers, body, signal, timeoutMs }: Outgoing): Promise<TransportStream> {
    const { transport, server, telemetry, credential } = this.#options;
    const sent: TransportRequest = {
      method,
      url,
      headers: [...Object.entries(server.headers), ...headers],
      timeoutMs,
      ...(body === undefined ? {} : { body: { encodedJson: body } }),
    };
    const how: ExchangeOptions = {
      auth: credential(),
      signal,
      telemetry,
      headersTimeoutMs: server.toolTimeoutMs || Number.POSITIVE_INFINITY,
    };
    const stream = await transport.stream(sent, how);
    if (new URL(stream.url).origin === this.#origin) return stream;
    stream.cancel();
    throw new McpAppsError(
      `Codex Apps redirected to ${new URL(stream.url).origin}, which is another server`,
      {
        kind: "origin",
      },
    );
  }

  /** Reports a failure as the answer to what it leaves unanswered: a client would wait for ever. */
  async *#reported(
    messages: AsyncIterable<string>,
    pending: ReadonlySet<RpcId>,
    signal: AbortSignal,
    finish: () => void,
  ): AsyncGenerator<Uint8Array, void> {
    try {
      for await (const message of messages) yield encodeEvent(message);
    } catch (error) {
      if (signal.aborted) return;
      const failure = isMcpAppsError(error) ? error : toHttpFailure(error, true);
      for (const id of pending) yield encodeEvent(this.#asAnswer(id, failure));
    } finally {
      finish();
    }
  }

  #asAnswer(id: RpcId, failure: McpAppsError): string {
    const key = randomUUID();
    this.#failures.set(key, failure);
    const { message } = failure;
    return JSON.stringify({
      jsonrpc: "2.0",
      id,
      error: { code: connectionClosed, message, data: { [failureMember]: key } },
    });
  }
}

const failureMember = "@codex-ts/mcp-apps.failure";
/** What MCP clients report themselves when a connection is gone. */
const connectionClosed = -32_000;
const eventStream = "text/event-stream";

async function* encoded(
  messages: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const message of messages) yield encodeEvent(message);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function answer(
  stream: TransportStream,
  contentType: string,
  body: ConstructorParameters<typeof Response>[0],
): Response {
  const sessionId = stream.headers.get("mcp-session-id");
  return new Response(body, {
    status: 200,
    headers: {
      "content-type": contentType,
      ...(sessionId === null ? {} : { "mcp-session-id": sessionId }),
    },
  });
}

function toBody(chunks: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}
