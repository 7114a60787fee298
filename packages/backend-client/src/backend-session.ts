import type { AuthProvider, AuthSource } from "@codex-ts/auth-provider";
import {
  isHtmlAnswer,
  noRetry,
  type RequestHeaders,
  type RequestTelemetry,
  type RetryPolicy,
  redactUrl,
  type Transport,
  type TransportResponse,
} from "@codex-ts/client";
import type { BackendClientOptions } from "./backend-options.js";
import { checkedBaseUrl } from "./base-url.js";
import type { CallOptions } from "./call-options.js";
import { checkChoice, checkObject } from "./check-arguments.js";
import { type BackendAnswer, type ChooseSchema, decodeAnswer, decodeError } from "./decode-answer.js";
import { demandCodexLogin, gatedProvider, isAuthSource } from "./login-gate.js";
import { toRequestError } from "./request-error.js";
import { withTimeLimit } from "./time-limit.js";
import { checkAllowedOrigins } from "./workspace-origin.js";

/** One request to an endpoint. */
export interface BackendRequest {
  readonly method: "GET" | "POST";
  /** Appended to the prefix of the path style, without a slash at the beginning. */
  readonly path: string;
  /** Whether the path is appended to the base URL itself instead; it may hold a query then. */
  readonly isBelowBase?: boolean | undefined;
  readonly query?: URLSearchParams | undefined;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `once`: must not happen twice, so only a `Retry-After` repeats it. `never`: not even that. By default it may. */
  readonly repeat?: "never" | "once" | undefined;
}

/** Joins a base URL, a credential and a transport. */
export class BackendSession {
  readonly baseUrl: string;
  readonly #prefix: string;
  readonly #transport: Transport;
  readonly #source: AuthSource | undefined;
  readonly #provider: AuthProvider;
  readonly #headers: ReadonlyMap<string, string>;
  readonly #retry: RetryPolicy;
  readonly #telemetry: RequestTelemetry | undefined;

  /** @throws TypeError for a base URL to which no credential may go, and for other options that cannot be. */
  constructor({
    transport,
    auth,
    headers,
    retry = afterRetryAfter,
    telemetry,
    ...options
  }: BackendClientOptions) {
    const { baseUrl, pathStyle } = checkedBaseUrl(
      options.baseUrl,
      checkAllowedOrigins(options.allowedOrigins ?? []),
    );
    const { pathStyle: style = pathStyle } = options;
    checkChoice("pathStyle", style, ["chatgpt", "codex-api"]);
    checkObject("auth", auth);
    this.baseUrl = baseUrl;
    this.#prefix = `${baseUrl}/${style === "chatgpt" ? "wham" : "api/codex"}`;
    this.#transport = transport;
    this.#source = isAuthSource(auth) ? auth : undefined;
    this.#provider = isAuthSource(auth) ? gatedProvider(auth) : auth;
    // A copy: it may be an iterable that can be read only once.
    this.#headers = toMap(headers);
    this.#retry = retry;
    this.#telemetry = telemetry;
  }

  /**
   * Sends a request and decodes the answer.
   *
   * @throws BackendError of any kind but `routing`.
   */
  async read<Value>(
    request: BackendRequest,
    options: CallOptions,
    choose: ChooseSchema<Value>,
  ): Promise<Value> {
    return decodeAnswer(await this.send(request, options), choose);
  }

  /**
   * Sends a request and reads the whole answer. A web page is none: it comes from a proxy or a login on the way.
   *
   * @throws BackendError of any kind but `routing`.
   */
  send(request: BackendRequest, options: CallOptions): Promise<BackendAnswer> {
    const { method, path, isBelowBase = false } = request;
    const target = `${isBelowBase ? this.baseUrl : this.#prefix}/${path}`;
    const url = redactUrl(target);
    return withTimeLimit({ name: `${method} ${url}`, method, url }, options, async (signal) => {
      if (this.#source !== undefined) await demandCodexLogin(this.#source, signal);
      const response = await this.#execute(target, request, signal).catch((error: unknown) => {
        throw toRequestError({ method, url }, error);
      });
      const answer = toAnswer(method, url, response);
      if (isHtmlAnswer(response.headers, answer.body)) throw decodeError(answer, "it is a web page");
      return answer;
    });
  }

  #execute(
    target: string,
    { method, query, json, headers = {}, repeat }: BackendRequest,
    signal: AbortSignal | undefined,
  ): Promise<TransportResponse> {
    const search = query?.size ? `?${query}` : "";
    return this.#transport.execute(
      {
        method,
        url: target + search,
        headers: new Map([...this.#headers, ...Object.entries(headers)]),
        body: json === undefined ? undefined : { json },
      },
      {
        auth: this.#provider,
        retry: repeat === "never" ? noRetry : repeat === "once" ? afterRetryAfter : this.#retry,
        signal,
        telemetry: this.#telemetry,
      },
    );
  }
}

/** Tries again only when a 429 or 503 says when. */
const afterRetryAfter: RetryPolicy = Object.freeze({ ...noRetry, maxAttempts: 4 });

function toAnswer(method: string, url: string, response: TransportResponse): BackendAnswer {
  const { headers } = response;
  return {
    method,
    url,
    body: response.text(),
    contentType: headers.get("content-type") ?? "",
    requestId: headers.get("x-request-id") ?? headers.get("x-oai-request-id") ?? undefined,
  };
}

function toMap(headers: RequestHeaders = {}): ReadonlyMap<string, string> {
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return new Map(
    entries.flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), value] as const])),
  );
}
