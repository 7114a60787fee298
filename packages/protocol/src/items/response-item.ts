import type { AgentMessageContent, ContentItem, ReasoningContent, ReasoningSummary } from "./content.js";
import type { LocalShellAction, LocalShellStatus } from "./local-shell.js";
import type { ItemMetadata } from "./metadata.js";
import type { ToolOutput } from "./tool-output.js";
import type { WebSearchAction } from "./web-search-action.js";

/** Whether an assistant's message comments on work in progress or ends the turn. */
export type MessagePhase = "commentary" | "final_answer";

interface Identified {
  /** Given by the server. Any string; an empty one stays on the wire but counts as none. */
  readonly id?: string | undefined;
}

interface Annotated extends Identified {
  readonly internal_chat_message_metadata_passthrough?: ItemMetadata | undefined;
}

/** What a user, a developer or the model said. */
export interface MessageItem extends Annotated {
  readonly type: "message";
  readonly role: string;
  readonly content: readonly ContentItem[];
  readonly phase?: MessagePhase | undefined;
}

/** What one agent told another. */
export interface AgentMessageItem extends Annotated {
  readonly type: "agent_message";
  readonly author: string;
  readonly recipient: string;
  readonly content: readonly AgentMessageContent[];
}

/** What the model thought. */
export interface ReasoningItem extends Annotated {
  readonly type: "reasoning";
  readonly summary: readonly ReasoningSummary[];
  /**
   * `null` when the server sent none. Absent when it sent an array without any `reasoning_text`: that is what
   * the server expects to get back.
   */
  readonly content?: readonly ReasoningContent[] | null | undefined;
  readonly encrypted_content: string | null;
}

/** A call of the built-in local shell. */
export interface LocalShellCallItem extends Annotated {
  readonly type: "local_shell_call";
  readonly call_id: string | null;
  readonly status: LocalShellStatus;
  readonly action: LocalShellAction;
}

/** A call of a function tool. */
export interface FunctionCallItem extends Annotated {
  readonly type: "function_call";
  readonly name: string;
  readonly namespace?: string | undefined;
  /** JSON text as the model wrote it: not parsed, possibly not even valid. */
  readonly arguments: string;
  readonly call_id: string;
  readonly encrypted_function_args?: readonly string[] | undefined;
}

/** A search for tools. */
export interface ToolSearchCallItem extends Annotated {
  readonly type: "tool_search_call";
  /** `null` when the server executes the search itself. */
  readonly call_id: string | null;
  readonly status?: string | undefined;
  /** `client` or `server`. */
  readonly execution: string;
  /** Any JSON. */
  readonly arguments: unknown;
}

/** The answer to a {@link FunctionCallItem}. */
export interface FunctionCallOutputItem extends Annotated {
  readonly type: "function_call_output";
  readonly call_id: string;
  readonly output: ToolOutput;
}

/** A call of a tool that takes free text. */
export interface CustomToolCallItem extends Annotated {
  readonly type: "custom_tool_call";
  readonly status?: string | undefined;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly input: string;
}

/** The answer to a {@link CustomToolCallItem}. */
export interface CustomToolCallOutputItem extends Annotated {
  readonly type: "custom_tool_call_output";
  readonly call_id: string;
  readonly name?: string | undefined;
  readonly output: ToolOutput;
}

/** The tools that a {@link ToolSearchCallItem} found. */
export interface ToolSearchOutputItem extends Annotated {
  readonly type: "tool_search_output";
  readonly call_id: string | null;
  readonly status: string;
  readonly execution: string;
  /** Any JSON. */
  readonly tools: readonly unknown[];
}

/** A web search that the server made. */
export interface WebSearchCallItem extends Annotated {
  readonly type: "web_search_call";
  readonly status?: string | undefined;
  /** Absent while the search is in progress. */
  readonly action?: WebSearchAction | undefined;
}

/** An image that the server made. */
export interface ImageGenerationCallItem extends Annotated {
  readonly type: "image_generation_call";
  readonly status: string;
  readonly revised_prompt?: string | undefined;
  /** The image, in base64. */
  readonly result: string;
}

/** A shortened history; read from `compaction_summary` too, always written as `compaction`. */
export interface CompactionItem extends Annotated {
  readonly type: "compaction";
  readonly encrypted_content: string;
}

/** Asks the server to shorten the history. */
export interface CompactionTriggerItem {
  readonly type: "compaction_trigger";
}

/** Says that the server shortened its context. */
export interface ContextCompactionItem extends Annotated {
  readonly type: "context_compaction";
  readonly encrypted_content?: string | undefined;
}

/** Tools for one request; only ever sent. */
export interface AdditionalToolsItem extends Identified {
  readonly type: "additional_tools";
  readonly role: string;
  /** Any JSON. */
  readonly tools: readonly unknown[];
}

/**
 * An item of a type that this package does not know. It compares and prints as `{ type: "other" }`; the
 * original JSON travels along out of sight, and {@link toWireItem} gives it back verbatim. A spread,
 * `structuredClone` or a JSON round trip of the item itself loses it.
 */
export interface OtherItem {
  readonly type: "other";
}

/** One entry of a conversation, in the form in which it crosses the wire. */
export type ResponseItem =
  | MessageItem
  | AgentMessageItem
  | ReasoningItem
  | LocalShellCallItem
  | FunctionCallItem
  | ToolSearchCallItem
  | FunctionCallOutputItem
  | CustomToolCallItem
  | CustomToolCallOutputItem
  | ToolSearchOutputItem
  | WebSearchCallItem
  | ImageGenerationCallItem
  | CompactionItem
  | CompactionTriggerItem
  | ContextCompactionItem
  | AdditionalToolsItem
  | OtherItem;
