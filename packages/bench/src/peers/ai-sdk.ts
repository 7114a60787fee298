import { loadPeer } from "./load-peer.ts";

/** The part of `@ai-sdk/openai` that is measured, typed by hand: the package is not in the workspace. */
interface AiSdkModule {
  createOpenAI(options: AiSdkOptions): { responses(model: string): AiSdkModel };
}

interface AiSdkOptions {
  readonly apiKey: string;
  readonly baseURL: string;
  readonly fetch?: typeof fetch | undefined;
}

export interface AiSdkModel {
  doStream(options: AiSdkCall): Promise<{ readonly stream: ReadableStream<AiSdkPart> }>;
}

interface AiSdkCall {
  readonly prompt: readonly { readonly role: "user"; readonly content: readonly AiSdkText[] }[];
}

interface AiSdkText {
  readonly type: "text";
  readonly text: string;
}

type AiSdkPart =
  | { readonly type: "reasoning-delta" | "text-delta"; readonly delta: string }
  | { readonly type: "tool-result"; readonly result: { readonly result: string } }
  | { readonly type: "finish" }
  | { readonly type: "error"; readonly error: unknown };

/** The provider's Responses model for one base URL. */
export async function createAiSdkModel(baseURL: string, custom?: typeof fetch): Promise<AiSdkModel> {
  const { createOpenAI } = await loadPeer<AiSdkModule>("@ai-sdk/openai");
  return createOpenAI({ apiKey: "sk-bench", baseURL, fetch: custom }).responses("gpt-5.4");
}
