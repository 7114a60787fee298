import { decodeSseBatches } from "@codex-ts/client";
import type { ResponsesRequest } from "@codex-ts/protocol";
import { BatchedResponseStream } from "./batched-response-stream.js";
import { type ApiClientOptions, EndpointSession } from "./endpoint-session.js";
import { headerText } from "./header-value.js";
import { encodeResponsesBody } from "./request-body.js";
import { mergeHeaders } from "./request-headers.js";
import type { ResponseStream } from "./response-stream.js";
import { type EncodedResponsesOptions, type ResponsesOptions, sessionHeaders } from "./responses-options.js";

/** Streams answers of a model from `POST <base>/responses`. */
export class ResponsesClient {
  readonly #session: EndpointSession;

  /** @throws TypeError when a limit of the provider is no limit. */
  constructor(options: ApiClientOptions) {
    this.#session = new EndpointSession(options);
  }

  /**
   * Asks a model for an answer.
   *
   * The body is written once and sent as it is with every attempt; headers of the credential are asked for anew.
   *
   * @returns The stream of events, when the head of the answer has arrived.
   * @throws {@link ApiError} of kind `transport` when there is no answer or the server refuses, `aborted`, or
   * `stream` with code `invalid_body`. Errors of the stream itself come from reading it.
   */
  async stream(request: ResponsesRequest, options: ResponsesOptions = {}): Promise<ResponseStream> {
    const body = encodeResponsesBody(request);
    return this.streamEncoded(body, { ...options, headers: sessionHeaders(options) });
  }

  /**
   * Does the same with a body that is JSON text already, and sends it as it is.
   *
   * @throws {@link ApiError} as {@link ResponsesClient.stream} does.
   */
  async streamEncoded(
    body: string | Uint8Array,
    options: EncodedResponsesOptions = {},
  ): Promise<ResponseStream> {
    const { compression, headers, signal, turnState } = options;
    const { provider, telemetry } = this.#session;
    const answer = await this.#session.stream({
      method: "POST",
      path: "responses",
      headers: mergeHeaders(headers, { accept: "text/event-stream" }),
      body: { encodedJson: body },
      compression,
      signal,
    });
    const token = headerText(answer.headers, "x-codex-turn-state");
    if (token !== undefined) turnState?.set(token);
    const batches = decodeSseBatches(answer.body, {
      idleTimeoutMs: provider.streamIdleTimeoutMs,
      eventTimeoutMs: provider.streamEventTimeoutMs,
      firstEventTimeoutMs: provider.streamFirstEventTimeoutMs,
      maxEventBytes: provider.streamMaxEventBytes,
      flushTail: true,
      signal,
    });
    return new BatchedResponseStream({ headers: answer.headers, batches, signal, telemetry });
  }
}
