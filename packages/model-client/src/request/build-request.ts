import {
  type CompactionRequest,
  createTextParam,
  type ModelInfo,
  type ResponsesRequest,
} from "@codex-ts/protocol";
import { clientMetadata } from "./client-metadata.js";
import type { InputItems, ItemForm } from "./input-items.js";
import { type ModelSettings, toReasoning, toServiceTier, toVerbosity } from "./model-settings.js";
import type { ItemPrompt } from "./prompt.js";
import type { SessionIdentity } from "./session-identity.js";
import {
  type CompactionMetadata,
  type RequestKind,
  type TurnFacts,
  turnMetadataJson,
} from "./turn-metadata.js";

/** What the provider of a request understands. */
interface Dialect {
  /** It is OpenAI itself, and knows what clients note on items. */
  readonly isOpenAi: boolean;
  /** It is Azure, which wants responses to be stored and items with their ids. */
  readonly isAzure: boolean;
}

/** Everything that one request to respond is made of. */
export interface RequestFacts {
  readonly identity: SessionIdentity;
  readonly turn: TurnFacts;
  readonly windowId: string;
  readonly kind: RequestKind;
  readonly compaction?: CompactionMetadata | undefined;
  readonly model: ModelInfo;
  readonly settings: ModelSettings;
  readonly prompt: ItemPrompt;
  readonly promptCacheKey: string;
  readonly hasItemIds: boolean;
  readonly dialect: Dialect;
  readonly items: InputItems;
}

/** A request to respond, and what its headers repeat. */
export interface BuiltRequest {
  readonly request: ResponsesRequest;
  readonly turnMetadata: string;
  readonly windowId: string;
  readonly isLite: boolean;
}

/** Builds the request that asks a model for an answer. */
export function buildRequest(facts: RequestFacts): BuiltRequest {
  const { identity, turn, windowId, prompt, model, settings, promptCacheKey, dialect } = facts;
  const turnMetadata = turnMetadataJson(facts);
  const reasoning = toReasoning(model, settings);
  const { input, instructions, tools, parallel_tool_calls } = conversationOf(facts);
  const text = createTextParam({
    verbosity: toVerbosity(model, settings),
    outputSchema: prompt.outputSchema,
    strict: prompt.outputSchemaStrict ?? true,
  });
  return {
    turnMetadata,
    windowId,
    isLite: model.use_responses_lite,
    request: {
      model: model.slug,
      ...(instructions === undefined ? {} : { instructions }),
      input,
      ...(tools === undefined ? {} : { tools }),
      tool_choice: "auto",
      parallel_tool_calls,
      reasoning,
      store: dialect.isAzure,
      stream: true,
      include: reasoning === null ? [] : ["reasoning.encrypted_content"],
      service_tier: toServiceTier(model, settings),
      prompt_cache_key: promptCacheKey,
      text,
      client_metadata: clientMetadata({ identity, turnId: turn.turnId, windowId, turnMetadata }),
    },
  };
}

/** Builds the request that has a conversation made shorter by an endpoint of its own. */
export function buildCompaction(facts: RequestFacts): CompactionRequest {
  const { model, settings, promptCacheKey } = facts;
  const { input, instructions, tools, parallel_tool_calls } = conversationOf(facts);
  return {
    model: model.slug,
    input,
    instructions,
    tools,
    parallel_tool_calls,
    reasoning: toReasoning(model, settings),
    service_tier: toServiceTier(model, settings),
    prompt_cache_key: promptCacheKey,
    text: createTextParam({ verbosity: toVerbosity(model, settings) }),
  };
}

type Conversation = Pick<CompactionRequest, "input" | "instructions" | "parallel_tool_calls" | "tools">;

function conversationOf({ prompt, model, turn, dialect, hasItemIds, items }: RequestFacts): Conversation {
  const { instructions = "", tools = [], parallelToolCalls = model.supports_parallel_tool_calls } = prompt;
  const isLite = model.use_responses_lite;
  const form: ItemForm = {
    isLite,
    hasMetadata: dialect.isOpenAi,
    ids: hasItemIds ? "assign" : dialect.isAzure ? "keep" : "remove",
  };
  const input = items.toInput(prompt.input, turn.turnId, form);
  if (!isLite) return { input, instructions, tools, parallel_tool_calls: parallelToolCalls };
  const prefix = items.litePrefix.itemsOf(tools, instructions);
  const prefixForm: ItemForm = { ...form, hasMetadata: false };
  return {
    input: [...items.toInput(prefix, undefined, prefixForm), ...input],
    parallel_tool_calls: false,
  };
}
