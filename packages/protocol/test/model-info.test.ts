import { expect, test } from "vitest";
import { modelInfoSchema, modelsResponseSchema } from "../src/schemas/index.js";

const required = {
  slug: "gpt-x",
  display_name: "GPT X",
  supported_reasoning_levels: [{ effort: "low", description: "Fast" }],
  shell_type: "shell_command",
  visibility: "list",
  supported_in_api: true,
  priority: -1,
  base_instructions: "You are a coding agent.",
  supports_reasoning_summaries: false,
  support_verbosity: true,
  truncation_policy: { mode: "tokens", limit: 10_000 },
  supports_parallel_tool_calls: false,
  experimental_supported_tools: [],
};

const withDefaults = {
  ...required,
  description: null,
  additional_speed_tiers: [],
  service_tiers: [],
  availability_nux: null,
  upgrade: null,
  default_reasoning_summary: "auto",
  default_verbosity: null,
  apply_patch_tool_type: null,
  web_search_tool_type: "text",
  supports_image_detail_original: false,
  effective_context_window_percent: 95,
  input_modalities: ["text", "image"],
  supports_search_tool: false,
  use_responses_lite: false,
};

const everything = {
  ...required,
  description: "A model",
  default_reasoning_level: "medium",
  additional_speed_tiers: ["fast"],
  service_tiers: [{ id: "priority", name: "Fast", description: "Twice the price" }],
  default_service_tier: "priority",
  availability_nux: { message: "New" },
  upgrade: { model: "gpt-y", migration_markdown: "# Move" },
  model_messages: { instructions_template: "t", instructions_variables: { personality_default: "p" } },
  default_reasoning_summary: "detailed",
  default_verbosity: "low",
  apply_patch_tool_type: "freeform",
  web_search_tool_type: "text_and_image",
  supports_image_detail_original: true,
  context_window: 272_000,
  max_context_window: 400_000,
  auto_compact_token_limit: 200_000,
  comp_hash: "h",
  effective_context_window_percent: 90,
  input_modalities: ["text"],
  supports_search_tool: true,
  use_responses_lite: true,
  auto_review_model_override: "gpt-z",
  tool_mode: "code_mode",
  multi_agent_version: "v2",
};

test("fills in the defaults and leaves out what is not set", () => {
  expect(modelInfoSchema.parse(required)).toStrictEqual(withDefaults);
});

test("takes null for every member that may be missing", () => {
  const optional = Object.keys(everything).filter((name) => !(name in required));
  const nulls = Object.fromEntries(optional.map((name) => [name, null]));
  expect(modelInfoSchema.parse({ ...required, ...nulls })).toStrictEqual(withDefaults);
});

test("keeps everything that is set, and reads what it wrote", () => {
  const model = modelInfoSchema.parse({ ...everything, new_member: 1 });
  expect(model).toStrictEqual(everything);
  expect(modelInfoSchema.parse(JSON.parse(JSON.stringify(model)))).toStrictEqual(everything);
});

test("takes an unknown tool mode for none", () => {
  expect(modelInfoSchema.parse({ ...required, tool_mode: "telepathy" })).toStrictEqual(withDefaults);
});

test("reads the entries of newer servers, which leave out three members", () => {
  const { base_instructions, supports_reasoning_summaries, supports_parallel_tool_calls, ...newer } =
    required;
  expect(modelInfoSchema.parse(newer)).toMatchObject({
    base_instructions: "",
    supports_reasoning_summaries: true,
    supports_parallel_tool_calls: true,
  });
  const denied = {
    ...newer,
    model_messages: { instructions_template: "t" },
    supports_reasoning_summary_parameter: false,
  };
  const model = modelInfoSchema.parse(denied);
  expect(model).toMatchObject({ base_instructions: "t", supports_reasoning_summaries: false });
  expect(model).not.toHaveProperty("supports_reasoning_summary_parameter");
});

test.each(
  Object.keys(required).filter(
    (name) =>
      !["base_instructions", "supports_reasoning_summaries", "supports_parallel_tool_calls"].includes(name),
  ),
)("requires %s", (name) => {
  expect(modelInfoSchema.safeParse({ ...required, [name]: undefined }).success).toBe(false);
});

test.each([
  { shell_type: "powershell" },
  { visibility: "secret" },
  { default_verbosity: "max" },
  { default_reasoning_level: "" },
  { input_modalities: ["smell"] },
  { apply_patch_tool_type: "json" },
  { priority: 0.5 },
  { priority: 2 ** 31 },
  { context_window: 1.5 },
  { truncation_policy: { mode: "lines", limit: 1 } },
  { tool_mode: 1 },
])("refuses %j, and the whole catalogue with it", (member) => {
  const bad = { ...required, ...member };
  expect(modelInfoSchema.safeParse(bad).success).toBe(false);
  expect(modelsResponseSchema.safeParse({ models: [required, bad] }).success).toBe(false);
});

test("reads a catalogue", () => {
  expect(modelsResponseSchema.parse({ models: [required] })).toStrictEqual({ models: [withDefaults] });
  expect(modelsResponseSchema.safeParse({}).success).toBe(false);
});
