import type { ResponseItem } from "@codex-ts/protocol";

/** What a model is asked. */
export interface Prompt {
  /**
   * The whole conversation, oldest first, with the items that earlier answers gave; a text is one message of the user.
   * Pass the same objects again in the next request, and do not change them.
   */
  readonly input: string | readonly ResponseItem[];
  /** What the model is told to be. @defaultValue the instructions of the client, or else none */
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

/** Gives the items of a prompt. */
export function promptItems({ input }: Pick<Prompt, "input">): readonly ResponseItem[] {
  return typeof input === "string" ? [userText(input)] : input;
}

/** A text alone is a prompt. */
export function toPrompt(prompt: string | Prompt): Prompt {
  if (typeof prompt === "string") return { input: [userText(prompt)] };
  const { input } = prompt;
  if (typeof input === "string") return { ...prompt, input: [userText(input)] };
  if (!Array.isArray(input)) throw new TypeError('"input" must be a text or a list of items');
  return prompt;
}

function userText(text: string): ResponseItem {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}
