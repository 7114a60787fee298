import fc from "fast-check";
import type { ResponseItem } from "../../src/index.js";

const text = fc.string({ unit: "grapheme" });
const count = fc.nat();
const json = fc.jsonValue();
const anyJsonList = fc.array(json, { maxLength: 3 });
const detail = fc.constantFrom("auto", "low", "high", "original");

const inputText = fc.record({ type: fc.constant("input_text"), text });
const outputText = fc.record({ type: fc.constant("output_text"), text });
const inputImage = partial({ type: fc.constant("input_image"), image_url: text }, { detail });
const inputAudio = fc.record({ type: fc.constant("input_audio"), audio_url: text });
const encrypted = fc.record({ type: fc.constant("encrypted_content"), encrypted_content: text });
const output = fc.oneof(text, list(inputText, inputImage, inputAudio, encrypted));

const metadata = partial(
  {},
  { turn_id: text, create_time: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);
const id = { id: text };
const annotations = { ...id, internal_chat_message_metadata_passthrough: metadata };

const shellAction = fc.record({
  type: fc.constant("exec"),
  command: fc.array(text, { maxLength: 3 }),
  timeout_ms: fc.option(count),
  working_directory: fc.option(text),
  env: fc.option(fc.dictionary(text, text, { maxKeys: 3 })),
  user: fc.option(text),
});
const searchAction = fc.oneof(
  partial({ type: fc.constant("search") }, { query: text, queries: fc.array(text, { maxLength: 2 }) }),
  partial({ type: fc.constant("open_page") }, { url: text }),
  partial({ type: fc.constant("find_in_page") }, { url: text, pattern: text }),
);
const reasoningContent = fc
  .array(fc.record({ type: fc.constantFrom("reasoning_text", "text"), text }), { maxLength: 3 })
  .filter((parts) => parts.some((part) => part.type === "reasoning_text"));

/** For each type that the parser knows: items in their wire form, every optional member now there and now not. */
export const itemArbitraries: Readonly<
  Record<Exclude<ResponseItem["type"], "other">, fc.Arbitrary<Record<string, unknown>>>
> = {
  message: item(
    "message",
    { role: text, content: list(inputText, inputImage, inputAudio, outputText) },
    { ...annotations, phase: fc.constantFrom("commentary", "final_answer") },
  ),
  agent_message: item(
    "agent_message",
    { author: text, recipient: text, content: list(inputText, encrypted) },
    annotations,
  ),
  reasoning: item(
    "reasoning",
    {
      summary: list(fc.record({ type: fc.constant("summary_text"), text })),
      content: fc.option(reasoningContent),
      encrypted_content: fc.option(text),
    },
    annotations,
  ),
  local_shell_call: item(
    "local_shell_call",
    {
      call_id: fc.option(text),
      status: fc.constantFrom("completed", "in_progress", "incomplete"),
      action: shellAction,
    },
    annotations,
  ),
  function_call: item(
    "function_call",
    { name: text, arguments: text, call_id: text },
    { ...annotations, namespace: text, encrypted_function_args: fc.array(text, { maxLength: 2 }) },
  ),
  tool_search_call: item(
    "tool_search_call",
    { call_id: fc.option(text), execution: text, arguments: json },
    { ...annotations, status: text },
  ),
  function_call_output: item("function_call_output", { call_id: text, output }, annotations),
  custom_tool_call: item(
    "custom_tool_call",
    { call_id: text, name: text, input: text },
    { ...annotations, status: text, namespace: text },
  ),
  custom_tool_call_output: item(
    "custom_tool_call_output",
    { call_id: text, output },
    { ...annotations, name: text },
  ),
  tool_search_output: item(
    "tool_search_output",
    { call_id: fc.option(text), status: text, execution: text, tools: anyJsonList },
    annotations,
  ),
  web_search_call: item("web_search_call", {}, { ...annotations, status: text, action: searchAction }),
  image_generation_call: item(
    "image_generation_call",
    { status: text, result: text },
    { ...annotations, revised_prompt: text },
  ),
  compaction: item("compaction", { encrypted_content: text }, annotations),
  compaction_trigger: item("compaction_trigger", {}, {}),
  context_compaction: item("context_compaction", {}, { ...annotations, encrypted_content: text }),
  additional_tools: item("additional_tools", { role: text, tools: anyJsonList }, id),
};

/** Members that a server may add to any item and that the parser has to leave out. */
export const unknownMembers: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  text.map((name) => `x_${name}`),
  json,
  { maxKeys: 3 },
);

type Members = Readonly<Record<string, fc.Arbitrary<unknown>>>;

function item(type: string, required: Members, optional: Members): fc.Arbitrary<Record<string, unknown>> {
  // Through JSON, because that is where items come from: no -0, no shared references.
  return partial({ type: fc.constant(type), ...required }, optional).map((value) =>
    JSON.parse(JSON.stringify(value)),
  );
}

function partial(required: Members, optional: Members): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
}

function list(...parts: fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown[]> {
  return fc.array(fc.oneof(...parts), { maxLength: 3 });
}
