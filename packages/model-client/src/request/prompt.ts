import type { ResponseItem } from "@codex-ts/protocol";

/** What a model is asked. */
export interface Prompt {
  /**
   * The whole conversation, oldest first, with the items that earlier answers gave; a text is one message of the user.
   * Pass the same objects again in the next request, and do not change them.
   */
  readonly input: string | readonly ResponseItem[];
  /** What the model is told to be. @defaultValue none */
  readonly instructions?: string | undefined;
  /** Tools that the model may call, as the API takes them. @defaultValue none */
  readonly tools?: readonly unknown[] | undefined;
  /** Whether several tools may be called at once. @defaultValue what the model can do */
  readonly parallelToolCalls?: boolean | undefined;
  /** JSON schema of the answer. */
  readonly outputSchema?: unknown;
  /** Whether the answer has to follow the schema to the letter. @defaultValue true */
  readonly outputSchemaStrict?: boolean | undefined;
}

/** A prompt whose input is a list. */
export interface ItemPrompt extends Prompt {
  readonly input: readonly ResponseItem[];
}

/** A text alone is a prompt. @throws TypeError */
export function toItemPrompt(prompt: string | Prompt): ItemPrompt {
  if (typeof prompt === "string") return { input: [userText(prompt)] };
  const input: unknown = prompt.input;
  if (typeof input === "string") return { ...prompt, input: [userText(input)] };
  if (!Array.isArray(input)) throw new TypeError('"input" must be a text or a list of items');
  // A copy: the caller goes on with its list while the request may have to be sent again.
  return { ...prompt, input: [...input] };
}

function userText(text: string): ResponseItem {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}
