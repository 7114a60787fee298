import { loadPeer } from "./load-peer.ts";

/** The part of the `openai` package that is measured, typed by hand: the package is not in the workspace. */
interface OpenAiModule {
  readonly default: new (options: OpenAiOptions) => OpenAiClient;
}

interface OpenAiOptions {
  readonly apiKey: string;
  readonly baseURL: string;
  readonly maxRetries: number;
  readonly fetch?: typeof fetch | undefined;
}

export interface OpenAiClient {
  readonly responses: {
    create(request: OpenAiRequest & { readonly stream: true }): Promise<OpenAiStream>;
    create(request: OpenAiRequest): Promise<{ readonly id: string }>;
  };
}

interface OpenAiStream extends AsyncIterable<OpenAiEvent> {
  readonly controller: AbortController;
}

interface OpenAiRequest {
  readonly model: string;
  readonly input: string;
  readonly stream?: boolean;
}

type OpenAiEvent =
  | {
      readonly type: "response.output_text.delta" | "response.reasoning_summary_text.delta";
      readonly delta: string;
    }
  | { readonly type: "response.output_item.done"; readonly item: OpenAiItem }
  | { readonly type: "response.completed" };

type OpenAiItem =
  | { readonly type: "image_generation_call"; readonly result: string }
  | { readonly type: "message" };

/** A client without retries for one base URL. */
export async function createOpenAiClient(baseURL: string, custom?: typeof fetch): Promise<OpenAiClient> {
  const { default: OpenAI } = await loadPeer<OpenAiModule>("openai");
  return new OpenAI({ apiKey: "sk-bench", baseURL, maxRetries: 0, fetch: custom });
}
