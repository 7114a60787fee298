import type { UserError } from "@codex-ts/api";
import type { ModelInfo, ResponseEvent } from "@codex-ts/protocol";
import type { Setup } from "../session/access.js";
import { AnswerProgress } from "./answer-progress.js";
import { rerouteEvents } from "./reroute.js";
import type { StreamPlan } from "./stream-plan.js";
import type { TurnEvent } from "./turn-event.js";

/** Reads the events of an answer: keeps what the session wants to know, and says what they mean for the turn. */
export class AnswerReader {
  readonly progress: AnswerProgress = new AnswerProgress();
  readonly #plan: Pick<StreamPlan, "session" | "turn">;
  #setup: Setup | undefined;
  #model: ModelInfo | undefined;

  constructor(plan: Pick<StreamPlan, "session" | "turn">) {
    this.#plan = plan;
  }

  /** An attempt is about to be made. */
  begin(setup: Setup, model: ModelInfo): void {
    this.#setup = setup;
    this.#model = model;
  }

  /** Adds the events that the caller gets for this one. */
  read(event: ResponseEvent, queue: TurnEvent[]): void {
    const { session, turn } = this.#plan;
    this.progress.note(event);
    switch (event.type) {
      case "completed":
        if (event.token_usage !== null) session.usage.add(event.token_usage);
        break;
      case "model_verifications":
        if (turn.isVerificationTold) return;
        turn.isVerificationTold = true;
        break;
      case "models_etag":
        this.#setup?.noteModelsEtag(event.etag);
        break;
      case "output_item_done":
        session.items.note(event.item, turn.facts.turnId ?? "");
        break;
      case "rate_limits":
        session.rateLimits.note(event.snapshot);
        break;
      case "safety_buffering":
        queue.push({ ...event, model: this.#model?.slug ?? "" });
        return;
      case "server_model":
        queue.push(event, ...this.#reroute(this.#model?.slug ?? "", event.model));
        return;
      default:
        break;
    }
    queue.push(event);
  }

  /** Adds what is known of a failure before it is told. */
  fail({ facts }: UserError, queue: TurnEvent[]): void {
    const { session } = this.#plan;
    if (facts.kind === "context_window_exceeded") this.#fillWindow();
    if (facts.kind !== "usage_limit_reached" || facts.rateLimits === undefined) return;
    session.rateLimits.note(facts.rateLimits);
    queue.push({ type: "rate_limits", snapshot: facts.rateLimits });
  }

  #reroute(asked: string, answering: string): readonly TurnEvent[] {
    const { turn } = this.#plan;
    // Other providers call models what they like.
    if (turn.isRerouteTold || this.#setup?.traits.isOpenai !== true) return [];
    const events = rerouteEvents(asked, answering);
    turn.isRerouteTold = events.length > 0;
    return events;
  }

  #fillWindow(): void {
    const model = this.#model;
    const window = model?.context_window ?? model?.max_context_window;
    if (model === undefined || window === undefined) return;
    this.#plan.session.usage.fill(Math.floor((window * model.effective_context_window_percent) / 100));
  }
}
