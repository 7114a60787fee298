import type { AuthProvider } from "@codex-ts/auth-provider";
import type { RequestTelemetry, Transport, TransportStream } from "@codex-ts/client";
import { McpAppsError } from "../errors.js";
import type { CodexAppsServer } from "../server.js";
import { checkAnswer } from "./answer-body.js";
import { configuredAuthorization } from "./credential.js";
import type { ResumableStream } from "./event-streams.js";
import { toHttpFailure } from "./failure.js";
import { eventStream } from "./response.js";
import { Secrets } from "./secrets.js";

/** What requests to the server are made with. */
export interface SenderOptions {
  readonly transport: Transport;
  readonly server: CodexAppsServer;
  /** Asked for each request. */
  readonly credential: () => AuthProvider;
  readonly telemetry?: RequestTelemetry | undefined;
}

/** A request, without what all have in common. */
export interface Outgoing {
  readonly method: "DELETE" | "GET" | "POST";
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** Sends requests to one server, with the credential, and to no other. */
export class Sender {
  readonly secrets: Secrets = new Secrets();
  readonly #options: SenderOptions;
  readonly #origin: string;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#origin = new URL(options.server.url).origin;
    this.secrets.add(configuredAuthorization(options.server));
  }

  /** @throws {@link McpAppsError} of kind `origin`, when the URL is that of another server. */
  checkOrigin({ origin }: URL): void {
    if (origin !== this.#origin)
      throw new McpAppsError(`nothing is sent to ${origin}, which is not the server of Codex Apps`, {
        kind: "origin",
      });
  }

  /**
   * Sends a request and returns when the head of the answer has arrived.
   *
   * @throws {@link McpAppsError}
   */
  async open({ method, url, headers, body, signal, timeoutMs }: Outgoing): Promise<TransportStream> {
    const { transport, server, telemetry, credential } = this.#options;
    try {
      const stream = await transport.stream(
        {
          method,
          url,
          headers: [...Object.entries(server.headers), ...headers],
          timeoutMs,
          ...(body === undefined ? {} : { body: { encodedJson: body } }),
        },
        {
          auth: this.secrets.remembering(credential()),
          signal,
          telemetry,
          headersTimeoutMs: server.toolTimeoutMs || Number.POSITIVE_INFINITY,
        },
      );
      this.#checkAnswerer(stream);
      return stream;
    } catch (error) {
      throw toHttpFailure(error, { hasSession: headers.has("mcp-session-id"), secrets: this.secrets });
    }
  }

  /** Sends what wants no answer, and lets the connection be used again. Returns the status. */
  async send(request: Outgoing): Promise<number> {
    const { status, body } = await this.open({
      ...request,
      timeoutMs: this.#options.server.startupTimeoutMs || undefined,
    });
    await body[Symbol.asyncIterator]().return?.();
    return status;
  }

  /** Opens an event stream. */
  async openEvents(request: Outgoing): Promise<TransportStream> {
    const stream = await this.open(request);
    try {
      if (checkAnswer(stream) === "events") return stream;
      throw new McpAppsError("Codex Apps answered with JSON where events belong", { kind: "invalid_answer" });
    } catch (error) {
      stream.cancel();
      throw error;
    }
  }

  /** Describes how a stream is taken up again. */
  resumable(first: TransportStream, { url, headers, signal }: Outgoing): ResumableStream {
    return {
      first,
      signal,
      reopen: (lastEventId) => {
        const again = new Headers(headers);
        again.delete("content-type");
        again.set("accept", eventStream);
        if (lastEventId !== "") again.set("last-event-id", lastEventId);
        return this.openEvents({ method: "GET", url, headers: again, signal });
      },
    };
  }

  /** The transport takes the credential off a request that is redirected elsewhere; what is said there is not heard. */
  #checkAnswerer(stream: TransportStream): void {
    const { origin } = new URL(stream.url);
    if (origin === this.#origin) return;
    stream.cancel();
    throw new McpAppsError(`Codex Apps redirected to ${origin}, which is another server`, { kind: "origin" });
  }
}
