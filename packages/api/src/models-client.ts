import type { ModelInfo } from "@codex-ts/protocol";
import type { CallOptions } from "./call-options.js";
import { decodeAnswer } from "./decode-answer.js";
import { type ApiClientOptions, EndpointSession } from "./endpoint-session.js";
import { headerText } from "./header-value.js";

/** What a call for the model catalogue says. */
export interface ListModelsOptions extends CallOptions {
  /** Version of the calling client, `major.minor.patch`: which models are offered depends on it. */
  readonly clientVersion: string;
}

/** A model catalogue and the tag of this very list. */
export interface ModelList {
  readonly models: readonly ModelInfo[];
  /**
   * The `ETag` with its quotes, or `null` without one. A model call that answers another `x-models-etag` tells that
   * the list has changed.
   */
  readonly etag: string | null;
}

/** Reads the model catalogue from `GET <base>/models`. */
export class ModelsClient {
  readonly #session: EndpointSession;

  /** @throws TypeError when a limit of the provider is no limit. */
  constructor(options: ApiClientOptions) {
    this.#session = new EndpointSession(options);
  }

  /**
   * Asks for the models that this client may use. Always for the whole list: no condition is sent.
   *
   * @throws {@link ApiError} of kind `transport`, `aborted`, or `stream` with code `invalid_answer`.
   */
  async list({ clientVersion, ...options }: ListModelsOptions): Promise<ModelList> {
    if (!urlSafe.test(clientVersion)) throw new TypeError('"clientVersion" must be a version such as 1.2.3');
    const answer = await this.#session.execute({
      ...options,
      method: "GET",
      path: "models",
      query: `client_version=${clientVersion}`,
    });
    const { models } = await decodeAnswer(
      answer,
      ({ modelsResponseSchema }) => modelsResponseSchema,
      "failed to decode models response",
    );
    return { models, etag: headerText(answer.headers, "etag") ?? null };
  }
}

// The version goes into the URL unencoded.
const urlSafe = /^[0-9A-Za-z.~_-]+$/;
