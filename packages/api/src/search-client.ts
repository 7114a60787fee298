import type { SearchRequest, SearchResponse } from "@codex-ts/protocol";
import { encodeBody, set, setMembers, toWireItems } from "./body-members.js";
import type { CallOptions } from "./call-options.js";
import { decodeAnswer } from "./decode-answer.js";
import { type ApiClientOptions, EndpointSession } from "./endpoint-session.js";

/** Searches the web by `POST <base>/alpha/search`. */
export class SearchClient {
  readonly #session: EndpointSession;

  /** @throws TypeError when a limit of the provider is no limit. */
  constructor(options: ApiClientOptions) {
    this.#session = new EndpointSession(options);
  }

  /**
   * Carries out commands of a model: queries, opened pages, prices, weather and more.
   *
   * @throws {@link ApiError} of kind `transport`, `aborted`, or `stream` with code `invalid_body` or `invalid_answer`.
   */
  async search(request: SearchRequest, options: CallOptions = {}): Promise<SearchResponse> {
    const answer = await this.#session.execute({
      ...options,
      method: "POST",
      path: "alpha/search",
      body: { encodedJson: encodeSearch(request) },
    });
    return decodeAnswer(
      answer,
      ({ searchResponseSchema }) => searchResponseSchema,
      "failed to decode search response",
    );
  }
}

function encodeSearch(request: SearchRequest): string {
  const { input } = request;
  return encodeBody("search request", {
    id: request.id,
    model: request.model,
    reasoning: setMembers(request.reasoning),
    input: typeof input === "object" && input !== null ? toWireItems(input) : set(input),
    commands: setMembers(request.commands),
    settings: setMembers(request.settings),
    max_output_tokens: set(request.max_output_tokens),
  });
}
