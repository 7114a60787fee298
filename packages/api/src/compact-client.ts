import {
  type CompactionRequest,
  isProtocolError,
  parseResponseItem,
  type ResponseItem,
} from "@codex-ts/protocol";
import { invalidAnswer, parseAnswer, type WholeAnswer } from "./answer-json.js";
import { encodeBody, set, setMembers, setText, toWireItems } from "./body-members.js";
import type { CallOptions } from "./call-options.js";
import { type ApiClientOptions, EndpointSession } from "./endpoint-session.js";
import { headerText } from "./header-value.js";
import { isJsonObject } from "./json-object.js";
import type { TurnState } from "./turn-state.js";

/** What a compaction may say. */
export interface CompactOptions extends CallOptions {
  /**
   * Gets the turn's routing token from the answer. It is not sent from here: put its value into `headers` as
   * `x-codex-turn-state`.
   */
  readonly turnState?: TurnState | undefined;
}

/** Has a conversation made shorter by `POST <base>/responses/compact`. */
export class CompactClient {
  readonly #session: EndpointSession;

  /** @throws TypeError when a limit of the provider is no limit. */
  constructor(options: ApiClientOptions) {
    this.#session = new EndpointSession(options);
  }

  /**
   * Asks for the items that can take the place of the input.
   *
   * It may take minutes; Codex allows `timeoutMs` of four times the idle limit of a stream. One item that cannot be
   * read fails the whole answer, because a conversation with a gap is worth nothing.
   *
   * @throws {@link ApiError} of kind `transport`, `aborted`, or `stream` with code `invalid_body` or `invalid_answer`.
   */
  async compact(
    request: CompactionRequest,
    { turnState, ...options }: CompactOptions = {},
  ): Promise<readonly ResponseItem[]> {
    const answer = await this.#session.execute({
      ...options,
      method: "POST",
      path: "responses/compact",
      body: { encodedJson: encodeCompaction(request) },
    });
    const token = headerText(answer.headers, "x-codex-turn-state");
    if (token !== undefined) turnState?.set(token);
    return decodeItems(answer);
  }
}

function encodeCompaction(request: CompactionRequest): string {
  return encodeBody("compaction input", {
    model: request.model,
    input: toWireItems(request.input),
    instructions: setText(request.instructions),
    tools: set(request.tools),
    parallel_tool_calls: request.parallel_tool_calls,
    reasoning: setMembers(request.reasoning),
    service_tier: set(request.service_tier),
    prompt_cache_key: set(request.prompt_cache_key),
    text: setMembers(request.text),
  });
}

function decodeItems(answer: WholeAnswer): readonly ResponseItem[] {
  const value = parseAnswer(answer, undefined);
  const output = isJsonObject(value) ? value["output"] : undefined;
  if (output === undefined) throw invalidAnswer(answer, undefined, "missing field `output`");
  if (!Array.isArray(output)) throw invalidAnswer(answer, undefined, "output: expected an array");
  return output.map((item, index) => decodeItem(answer, item, index));
}

function decodeItem(answer: WholeAnswer, item: unknown, index: number): ResponseItem {
  try {
    return parseResponseItem(item);
  } catch (error) {
    if (!isProtocolError(error)) throw error;
    const { path, expected, found } = error;
    const where = path === "" ? `output[${index}]` : `output[${index}].${path}`;
    throw invalidAnswer(
      answer,
      undefined,
      found === "nothing" ? `missing field \`${where}\`` : `${where}: expected ${expected}, found ${found}`,
    );
  }
}
