import {
  clearItemMetadata,
  type ResponseItem,
  stampTurnId,
  toWireItem,
  withItemId,
} from "@codex-ts/protocol";
import { assignItemId } from "./item-ids.js";
import { LitePrefix, toLiteItem } from "./lite-items.js";

/** In what form items go into a request. */
export interface ItemForm {
  readonly isLite: boolean;
  /** Whether items carry the turn they belong to, which only OpenAI's own providers understand. */
  readonly hasMetadata: boolean;
  /** `keep`: as they are. `assign`: those that have none get one. `remove`: none at all. */
  readonly ids: "assign" | "keep" | "remove";
}

/**
 * Turns the items of a conversation into those of a request.
 *
 * An item that was sent before comes out as the same object each time, with the turn in which it was first sent: the
 * connection finds by that what is new without looking into them.
 */
export class InputItems {
  readonly litePrefix: LitePrefix = new LitePrefix();
  readonly #turnIds = new WeakMap<ResponseItem, string>();
  readonly #forms = new Map<string, WeakMap<ResponseItem, unknown>>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Notes in which turn an item came up. The first time counts. */
  note(item: ResponseItem, turnId: string): void {
    if (!this.#turnIds.has(item)) this.#turnIds.set(item, turnId);
  }

  toInput(items: readonly ResponseItem[], turnId: string | undefined, form: ItemForm): unknown[] {
    const known = this.#knownIn(form);
    return items.map((item) => {
      const before = known.get(item);
      if (before !== undefined) return before;
      if (turnId !== undefined) this.note(item, turnId);
      const made = this.#toForm(item, form);
      known.set(item, made);
      return made;
    });
  }

  #knownIn({ isLite, hasMetadata, ids }: ItemForm): WeakMap<ResponseItem, unknown> {
    const key = `${isLite} ${hasMetadata} ${ids}`;
    let known = this.#forms.get(key);
    if (known === undefined) {
      known = new WeakMap();
      this.#forms.set(key, known);
    }
    return known;
  }

  #toForm(item: ResponseItem, { isLite, hasMetadata, ids }: ItemForm): unknown {
    const lite = isLite ? toLiteItem(item) : item;
    const stamped = hasMetadata ? stampTurnId(lite, this.#turnIds.get(item) ?? "") : clearItemMetadata(lite);
    switch (ids) {
      case "assign":
        return assignItemId(stamped, this.#clock());
      case "keep":
        return stamped;
      case "remove":
        return withoutId(withItemId(stamped, undefined));
    }
  }
}

/** An item of a type that is not known here is sent as it came, and its id goes as well. */
function withoutId(item: ResponseItem): unknown {
  if (item.type !== "other") return item;
  const wire = toWireItem(item);
  if (typeof wire !== "object" || wire === null || !("id" in wire)) return item;
  const { id: _, ...rest } = wire;
  return rest;
}
