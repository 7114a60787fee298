import type { AuthProvider } from "@codex-ts/auth-provider";
import {
  defaultRetryPolicy,
  type ExchangeOptions,
  type RequestHeaders,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  type TransportStream,
} from "@codex-ts/client";
import { checkProvider, checkTimeLimit, type Provider, providerUrl } from "./provider.js";
import { refuseHtml, toRequestError } from "./request-error.js";
import { mergeHeaders } from "./request-headers.js";
import type { StreamTelemetry } from "./stream-telemetry.js";

/** What every client of this package is made from. */
export interface ApiClientOptions {
  /** Carries the requests. Not closed by the client; one serves a whole process. */
  readonly transport: Transport;
  readonly provider: Provider;
  /** Whose headers each request gets, anew for each attempt. */
  readonly auth: AuthProvider;
  readonly telemetry?: StreamTelemetry | undefined;
}

/** One request to an endpoint, before provider and credential have added their part. */
export interface EndpointRequest extends Omit<TransportRequest, "url"> {
  /** Appended to the provider's base URL. */
  readonly path: string;
  /** Appended to the provider's own query, exactly as written. */
  readonly query?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Joins a provider, a credential and a transport. */
export class EndpointSession {
  readonly provider: Provider;
  readonly telemetry: StreamTelemetry | undefined;
  readonly #transport: Transport;
  readonly #auth: AuthProvider;
  readonly #headers: RequestHeaders;

  constructor({ transport, provider, auth, telemetry }: ApiClientOptions) {
    checkProvider(provider);
    this.provider = provider;
    this.telemetry = telemetry;
    this.#transport = transport;
    this.#auth = auth;
    // A copy: it may be an iterable that can be read only once.
    this.#headers = mergeHeaders(provider.headers);
  }

  /**
   * Sends a request and returns when the head of the answer has arrived.
   *
   * @throws ApiError of kind `transport` or `aborted`.
   */
  async stream(request: EndpointRequest): Promise<TransportStream> {
    const stream = await this.#exchange(request, (sent, options) => this.#transport.stream(sent, options));
    try {
      refuseHtml(stream);
    } catch (error) {
      stream.cancel();
      throw error;
    }
    return stream;
  }

  /**
   * Sends a request and reads the whole answer.
   *
   * @throws ApiError of kind `transport` or `aborted`; TypeError for a limit that is none.
   */
  async execute(request: EndpointRequest): Promise<TransportResponse> {
    const response = await this.#exchange(request, (sent, options) => this.#transport.execute(sent, options));
    refuseHtml(response);
    return response;
  }

  async #exchange<Answer>(
    { path, query, headers, signal, ...request }: EndpointRequest,
    send: (request: TransportRequest, options: ExchangeOptions) => Promise<Answer>,
  ): Promise<Answer> {
    if (request.timeoutMs !== undefined) checkTimeLimit("timeoutMs", request.timeoutMs);
    const url = withQuery(providerUrl(this.provider, path), query);
    try {
      return await send(
        { ...request, url, headers: mergeHeaders(this.#headers, headers) },
        {
          auth: this.#auth,
          retry: this.provider.retry ?? defaultRetryPolicy,
          signal,
          telemetry: this.telemetry,
        },
      );
    } catch (error) {
      throw toRequestError(error);
    }
  }
}

function withQuery(url: string, query: string | undefined): string {
  if (query === undefined) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${query}`;
}
