import type { ImageEditRequest, ImageGenerationRequest, ImageResponse } from "@codex-ts/protocol";
import { encodeBody, setMembers } from "./body-members.js";
import type { CallOptions } from "./call-options.js";
import { decodeAnswer } from "./decode-answer.js";
import { type ApiClientOptions, EndpointSession } from "./endpoint-session.js";

/** Has images made by `POST <base>/images/generations` and `…/edits`. */
export class ImagesClient {
  readonly #session: EndpointSession;

  /** @throws TypeError when a limit of the provider is no limit. */
  constructor(options: ApiClientOptions) {
    this.#session = new EndpointSession(options);
  }

  /**
   * Makes images from a text.
   *
   * @throws {@link ApiError} of kind `transport`, `aborted`, or `stream` with code `invalid_body` or `invalid_answer`.
   */
  async generate(request: ImageGenerationRequest, options: CallOptions = {}): Promise<ImageResponse> {
    return this.#ask("image generation", "images/generations", request, options);
  }

  /**
   * Makes images from others, as the text says.
   *
   * @throws {@link ApiError} as {@link ImagesClient.generate} does.
   */
  async edit(request: ImageEditRequest, options: CallOptions = {}): Promise<ImageResponse> {
    return this.#ask("image edit", "images/edits", request, options);
  }

  async #ask(
    what: string,
    path: string,
    request: ImageGenerationRequest,
    options: CallOptions,
  ): Promise<ImageResponse> {
    const body = encodeBody(`${what} request`, setMembers(request) ?? {});
    const answer = await this.#session.execute({
      ...options,
      method: "POST",
      path,
      body: { encodedJson: body },
    });
    return decodeAnswer(
      answer,
      ({ imageResponseSchema }) => imageResponseSchema,
      `failed to decode ${what} response`,
    );
  }
}
