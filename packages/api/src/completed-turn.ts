import { type ResponseItem, type ResponsesRequest, toWireItem } from "@codex-ts/protocol";
import { isSameJson, isSameObject } from "./json-equality.js";

/** A response that is complete, and what it answered. The server still has both while the connection is open. */
export class CompletedTurn {
  readonly responseId: string;
  readonly #request: ResponsesRequest;
  readonly #output: readonly ResponseItem[];

  /** Takes the request and the lists over. */
  constructor(request: ResponsesRequest, responseId: string, output: readonly ResponseItem[]) {
    this.responseId = responseId;
    this.#request = request;
    this.#output = output;
  }

  /**
   * Finds what a request adds to this turn.
   *
   * Items that are the same objects as before cost next to nothing to compare, and equal ones no more than a look at
   * each member: nothing is serialized.
   *
   * @returns The new items, perhaps none; nothing if the request does not continue this turn.
   */
  newInputOf(request: ResponsesRequest): readonly unknown[] | undefined {
    const { input } = request;
    const earlier: readonly unknown[] = this.#request.input;
    const known = earlier.length + this.#output.length;
    if (this.responseId === "" || input.length < known) return undefined;
    if (!lasting.every((name) => isSameSetting(request[name], this.#request[name]))) return undefined;
    if (!earlier.every((item, index) => isSameItem(item, input[index]))) return undefined;
    if (!this.#output.every((item, index) => isOutput(input[earlier.length + index], item))) return undefined;
    return input.slice(known);
  }
}

/** All members but the input and `client_metadata`, which belongs to the message and not to the conversation. */
const lasting = [
  "model",
  "instructions",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "reasoning",
  "store",
  "stream",
  "include",
  "service_tier",
  "prompt_cache_key",
  "text",
] as const satisfies readonly (keyof ResponsesRequest)[];

function isSameSetting(left: unknown, right: unknown): boolean {
  return isSameJson(left ?? undefined, right ?? undefined);
}

/** What a client adds to an item when it records it, or takes away before it sends it. The server knows its own. */
const bookkeeping: ReadonlySet<string> = new Set(["internal_chat_message_metadata_passthrough"]);
const bookkeepingAndId: ReadonlySet<string> = new Set([...bookkeeping, "id"]);

/** Tells whether an item of the input is one that the response gave. */
function isOutput(item: unknown, output: ResponseItem): boolean {
  if (item === output) return true;
  const [ours, theirs] = [toWire(item), toWire(output)];
  if (!isObject(ours) || !isObject(theirs)) return false;
  return isSameObject(ours, theirs, "id" in ours ? bookkeeping : bookkeepingAndId);
}

function isSameItem(left: unknown, right: unknown): boolean {
  return left === right || isSameJson(toWire(left), toWire(right));
}

function toWire(item: unknown): unknown {
  return isObject(item) ? toWireItem(item as ResponseItem) : item;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
