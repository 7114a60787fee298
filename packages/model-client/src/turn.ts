import type { ModelInfo } from "@codex-ts/protocol";
import { compactConversation } from "./compaction/compact.js";
import type { CompactionOptions, CompactionResult } from "./compaction/compaction-options.js";
import { buildRequest } from "./request/build-request.js";
import type { ModelSettings } from "./request/model-settings.js";
import { type Prompt, toItemPrompt } from "./request/prompt.js";
import type { WorkspaceMetadata } from "./request/turn-metadata.js";
import { StreamDriver } from "./stream/stream-driver.js";
import { TurnStream } from "./stream/turn-stream.js";
import type { TurnParts } from "./turn-parts.js";

/** How the requests of a turn are made. What is left out is as the client says. */
export interface TurnOptions extends ModelSettings {
  /** @defaultValue a new UUID */
  readonly turnId?: string | undefined;
  /** The model, or its name. @defaultValue that of the client */
  readonly model?: string | ModelInfo | undefined;
  /**
   * What it is for. `memory`: to find what is worth remembering of recorded sessions; such a request belongs to no
   * conversation, says nothing of the session in its metadata, and is not tried again.
   *
   * @defaultValue "turn"
   */
  readonly kind?: "memory" | "turn" | undefined;
  /** When the turn began, in epoch milliseconds. @defaultValue now */
  readonly startedAtMs?: number | undefined;
  /** The git repositories that it works in, by their root folders. */
  readonly workspaces?: Readonly<Record<string, WorkspaceMetadata>> | undefined;
  /** Told to the server with each request, within the metadata of the turn. Keys of the protocol are left out. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Ends what the turn does, at once. */
  readonly signal?: AbortSignal | undefined;
}

/** How one answer is read. */
export interface StreamOptions {
  /** Ends the stream at once, with an error of kind `turn_aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One turn: what the model does about one message of the user, over as many requests as its calls of tools take. The
 * server sends all of them to the same place, by a token that belongs to the turn.
 */
export class Turn {
  readonly #parts: TurnParts;

  /** @internal */
  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.context.facts.turnId ?? "";
  }

  /**
   * Asks the model for an answer.
   *
   * @param prompt - The whole conversation so far; a text is one message of the user.
   * @returns The events of the answer. Nothing is sent before they are asked for.
   * @throws TypeError for a prompt that is none. All else is told by reading the stream.
   */
  stream(prompt: string | Prompt, { signal }: StreamOptions = {}): TurnStream {
    const { session, context, kind, model, settings } = this.#parts;
    const isMemory = kind === "memory";
    const asked = toItemPrompt(prompt);
    return new TurnStream(
      new StreamDriver({
        session,
        turn: context,
        model,
        signals: [this.#parts.signal, signal],
        keepsItems: true,
        isMemory,
        mostRetries: isMemory ? 0 : undefined,
        build: ({ traits }, info, finished) =>
          buildRequest({
            identity: session.options.identity,
            turn: context.facts,
            windowId: isMemory ? `${session.options.identity.threadId}:0` : session.windowId,
            kind,
            model: info,
            settings,
            prompt: finished.length === 0 ? asked : { ...asked, input: [...asked.input, ...finished] },
            promptCacheKey: session.options.promptCacheKey,
            hasItemIds: session.options.hasItemIds,
            dialect: { isOpenAi: traits.isOpenai, isAzure: traits.isAzure },
            items: session.items,
          }),
      }),
    );
  }

  /**
   * Has the conversation made shorter in the middle of the turn. Its result is the conversation that goes on.
   *
   * @throws UserError
   */
  compact(prompt: string | Prompt, options: CompactionOptions = {}): Promise<CompactionResult> {
    const compaction = { trigger: "auto", reason: "context_limit", phase: "mid_turn", ...options } as const;
    return compactConversation(this.#parts, toItemPrompt(prompt), compaction);
  }
}
