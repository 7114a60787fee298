import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { McpAppsError } from "../errors.js";
import { checkAnswer, readAnswer } from "./answer-body.js";
import { type Ending, linkedEnding } from "./ending.js";
import { answerMessages, serverMessages } from "./event-streams.js";
import { toHttpFailure } from "./failure.js";
import { type OutgoingMessages, type RpcId, readOutgoing } from "./json-rpc.js";
import { encodeEvent, eventStream, toBody, toResponse } from "./response.js";
import { isRetriedMethod, retryDelayMs } from "./retry.js";
import type { Secrets } from "./secrets.js";
import { type Outgoing, Sender, type SenderOptions } from "./sender.js";

/**
 * Carries the messages of one MCP client over HTTP. It gives the client a `fetch` whose answers are complete: the
 * transport has signed, recovered, redirected and retried, broken streams were taken up again, and what fails rejects
 * with an {@link McpAppsError}.
 */
export class AppsHttp {
  readonly #sender: Sender;
  /** The requests that wait for their answer. */
  readonly #waiting = new Map<RpcId, Ending>();
  /** Failures that were reported within a stream, where only text can be. */
  readonly #failures = new Map<string, McpAppsError>();

  constructor(options: SenderOptions) {
    this.#sender = new Sender(options);
  }

  get secrets(): Secrets {
    return this.#sender.secrets;
  }

  readonly fetch = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    this.#sender.checkOrigin(url);
    const headers = new Headers(init.headers);
    const signal = init.signal ?? new AbortController().signal;
    const request = { url: url.href, headers, signal };
    try {
      switch (init.method) {
        case "POST":
          return await this.#post({ ...request, method: "POST", body: String(init.body ?? "") });
        case "DELETE":
          return new Response(null, { status: await this.#sender.send({ ...request, method: "DELETE" }) });
        default:
          return await this.#listen({ ...request, method: "GET" });
      }
    } catch (error) {
      return optionalAnswer(init.method, toHttpFailure(error, { signal }));
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
    for (const id of outgoing.cancelled) this.#waiting.get(id)?.end();
    if (outgoing.ids.length === 0) return this.#notify(request, outgoing);
    const ending = linkedEnding(request.signal);
    for (const id of outgoing.ids) this.#waiting.set(id, ending);
    const finish = (): void => {
      ending.unlink();
      for (const id of outgoing.ids) if (this.#waiting.get(id) === ending) this.#waiting.delete(id);
    };
    const { signal, end } = ending;
    try {
      return await withRetries(outgoing, signal, () =>
        this.#ask({ ...request, signal }, outgoing, end, finish),
      );
    } catch (error) {
      finish();
      throw error;
    }
  }

  /** Sends what wants no answer. */
  #notify(request: Outgoing, outgoing: OutgoingMessages): Promise<Response> {
    return withRetries(outgoing, request.signal, async () => {
      const status = await this.#sender.send(request);
      return new Response(null, { status: status === 204 ? 202 : status });
    });
  }

  /** Sends requests. The answer to one that is retried is complete, that to any other arrives as it comes. */
  async #ask(
    request: Outgoing,
    outgoing: OutgoingMessages,
    end: () => void,
    finish: () => void,
  ): Promise<Response> {
    const stream = await this.#sender.open(request);
    try {
      const kind = checkAnswer(stream);
      const pending = new Set(outgoing.ids);
      if (kind === "json") {
        const text = await readAnswer(stream, pending);
        finish();
        return toResponse(stream, "application/json", text);
      }
      const messages = answerMessages(this.#sender.resumable(stream, request), pending);
      if (!isRetried(outgoing)) {
        const reported = this.#reported(messages, pending, request.signal, finish);
        return toResponse(stream, eventStream, toBody(reported, end));
      }
      const events: Uint8Array[] = [];
      for await (const message of messages) events.push(encodeEvent(message));
      finish();
      return toResponse(stream, eventStream, Buffer.concat(events));
    } catch (error) {
      stream.cancel();
      throw error;
    }
  }

  /** Opens the stream on which the server speaks by itself. */
  async #listen(unlinked: Outgoing): Promise<Response> {
    const ending = linkedEnding(unlinked.signal);
    const { signal, end } = ending;
    const request = { ...unlinked, signal };
    try {
      const stream = await this.#sender.openEvents(request);
      const messages = serverMessages(this.#sender.resumable(stream, request));
      return toResponse(stream, eventStream, toBody(encoded(messages, ending), end));
    } catch (error) {
      ending.unlink();
      throw error;
    }
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
      const failure = toHttpFailure(error);
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

/** A server need not have a stream of its own, and may keep its sessions to itself. */
function optionalAnswer(method: string | undefined, failure: McpAppsError): Response {
  if (method !== "POST" && failure.status === 405) return new Response(null, { status: 405 });
  throw failure;
}

function isRetried({ methods }: OutgoingMessages): boolean {
  return methods.length > 0 && methods.every(isRetriedMethod);
}

async function withRetries(
  outgoing: OutgoingMessages,
  signal: AbortSignal,
  send: () => Promise<Response>,
): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      const delayMs = isRetried(outgoing)
        ? retryDelayMs(toHttpFailure(error, { signal }), attempt)
        : undefined;
      if (delayMs === undefined) throw error;
      await setTimeout(delayMs, undefined, { signal });
    }
  }
}

async function* encoded(
  messages: AsyncIterable<string>,
  { signal, unlink }: Ending,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const message of messages) yield encodeEvent(message);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unlink();
  }
}
