import type { MemoriesRequest, MemorySummary } from "@codex-ts/protocol";
import { encodeBody, setMembers } from "./body-members.js";
import type { CallOptions } from "./call-options.js";
import { decodeAnswer } from "./decode-answer.js";
import { type ApiClientOptions, EndpointSession } from "./endpoint-session.js";

/** Has recorded sessions summarized by `POST <base>/memories/trace_summarize`. */
export class MemoriesClient {
  readonly #session: EndpointSession;

  /** @throws TypeError when a limit of the provider is no limit. */
  constructor(options: ApiClientOptions) {
    this.#session = new EndpointSession(options);
  }

  /**
   * Asks for what is worth remembering of each trace.
   *
   * @returns One summary for each trace, in their order.
   * @throws {@link ApiError} of kind `transport`, `aborted`, or `stream` with code `invalid_body` or `invalid_answer`.
   */
  async summarize(request: MemoriesRequest, options: CallOptions = {}): Promise<readonly MemorySummary[]> {
    const { model, traces, reasoning } = request;
    const body = encodeBody("memory summarize input", { model, traces, reasoning: setMembers(reasoning) });
    const answer = await this.#session.execute({
      ...options,
      method: "POST",
      path: "memories/trace_summarize",
      body: { encodedJson: body },
    });
    const { output } = await decodeAnswer(answer, ({ memoriesResponseSchema }) => memoriesResponseSchema);
    return output;
  }
}
