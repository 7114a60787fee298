import type { ResponseItem } from "./items/response-item.js";
import type { Reasoning } from "./reasoning.js";
import type { SearchCommands } from "./search-commands.js";
import type { SearchSettings } from "./search-settings.js";

/** The body of `POST …/alpha/search`. What is optional here is left out when it is not set. */
export interface SearchRequest {
  /** The session, whose earlier results the commands can name. */
  readonly id: string;
  readonly model: string;
  readonly reasoning?: Reasoning | null | undefined;
  /** What the conversation is about. */
  readonly input?: string | readonly ResponseItem[] | readonly unknown[] | undefined;
  readonly commands?: SearchCommands | undefined;
  readonly settings?: SearchSettings | undefined;
  readonly max_output_tokens?: number | undefined;
}

/** The answer of `POST …/alpha/search`. */
export interface SearchResponse {
  /** For the model to read. */
  readonly output: string;
  /** The same for a model that takes it encrypted; `null` when there is none. */
  readonly encrypted_output: string | null;
  /** Any JSON, one entry for each result. Left out when there is none. */
  readonly results?: readonly unknown[] | undefined;
}
