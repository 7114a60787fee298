import {
  choiceMember,
  type Draft,
  type JsonObject,
  jsonObject,
  keepChoice,
  stringMember,
} from "../json-members.js";

/** How closely a model looks at an image: cheap and small, or in the size it came in. */
export type ImageDetail = "auto" | "low" | "high" | "original";

/** Every {@link ImageDetail}. */
export const imageDetails: readonly ImageDetail[] = ["auto", "low", "high", "original"];

/** Text that goes to a model. */
export interface InputText {
  readonly type: "input_text";
  readonly text: string;
}

/** An image that goes to a model, by address or as a `data:` URL. */
export interface InputImage {
  readonly type: "input_image";
  readonly image_url: string;
  readonly detail?: ImageDetail | undefined;
}

/** Sound that goes to a model, as a `data:` URL. */
export interface InputAudio {
  readonly type: "input_audio";
  readonly audio_url: string;
}

/** Text that a model wrote. */
export interface OutputText {
  readonly type: "output_text";
  readonly text: string;
}

/** Something only the server can read. */
export interface EncryptedContent {
  readonly type: "encrypted_content";
  readonly encrypted_content: string;
}

/** One part of a message. */
export type ContentItem = InputText | InputImage | InputAudio | OutputText;

/** One part of what an agent tells another one. */
export type AgentMessageContent = InputText | EncryptedContent;

/** One part of the output of a tool, when it is not a plain string. */
export type ToolOutputPart = InputText | InputImage | InputAudio | EncryptedContent;

/** Headline of what a model thought. */
export interface ReasoningSummary {
  readonly type: "summary_text";
  readonly text: string;
}

/** What a model thought, in full where the server shows it. */
export interface ReasoningContent {
  readonly type: "reasoning_text" | "text";
  readonly text: string;
}

const contentTypes = ["input_text", "output_text", "input_image", "input_audio"] as const;
const agentMessageTypes = ["input_text", "encrypted_content"] as const;
const toolOutputTypes = ["input_text", "input_image", "input_audio", "encrypted_content"] as const;

/** Reads one part of a message. */
export function parseContentItem(value: unknown): ContentItem {
  const source = jsonObject(value);
  const type = choiceMember(source, "type", contentTypes);
  switch (type) {
    case "input_text":
    case "output_text":
      return { type, text: stringMember(source, "text") };
    case "input_image":
      return parseInputImage(source);
    case "input_audio":
      return { type, audio_url: stringMember(source, "audio_url") };
  }
}

/** Reads one part of a message between agents. */
export function parseAgentMessageContent(value: unknown): AgentMessageContent {
  const source = jsonObject(value);
  const type = choiceMember(source, "type", agentMessageTypes);
  switch (type) {
    case "input_text":
      return { type, text: stringMember(source, "text") };
    case "encrypted_content":
      return { type, encrypted_content: stringMember(source, "encrypted_content") };
  }
}

/** Reads one part of the output of a tool. */
export function parseToolOutputPart(value: unknown): ToolOutputPart {
  const source = jsonObject(value);
  const type = choiceMember(source, "type", toolOutputTypes);
  switch (type) {
    case "input_text":
      return { type, text: stringMember(source, "text") };
    case "input_image":
      return parseInputImage(source);
    case "input_audio":
      return { type, audio_url: stringMember(source, "audio_url") };
    case "encrypted_content":
      return { type, encrypted_content: stringMember(source, "encrypted_content") };
  }
}

/** Reads one headline. */
export function parseReasoningSummary(value: unknown): ReasoningSummary {
  const source = jsonObject(value);
  return { type: choiceMember(source, "type", ["summary_text"]), text: stringMember(source, "text") };
}

/** Reads one piece of thinking. */
export function parseReasoningContent(value: unknown): ReasoningContent {
  const source = jsonObject(value);
  return {
    type: choiceMember(source, "type", ["reasoning_text", "text"]),
    text: stringMember(source, "text"),
  };
}

function parseInputImage(source: JsonObject): InputImage {
  const image: Draft<InputImage> = { type: "input_image", image_url: stringMember(source, "image_url") };
  keepChoice(source, "detail", imageDetails, image);
  return image;
}
