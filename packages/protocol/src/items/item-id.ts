import type { ResponseItem } from "./response-item.js";

/**
 * Gives the id of an item. An empty one counts as none; a `compaction_trigger` and an item of unknown type
 * never have one.
 */
export function itemId(item: ResponseItem): string | undefined {
  if (item.type === "compaction_trigger" || item.type === "other") return undefined;
  return item.id === "" ? undefined : item.id;
}

/**
 * Gives the item with another id, or without one. A `compaction_trigger` and an item of unknown type are
 * given back as they are.
 *
 * @param id - Nothing: no id on the wire at all.
 */
export function withItemId<Item extends ResponseItem>(item: Item, id: string | undefined): Item {
  if (item.type === "compaction_trigger" || item.type === "other") return item;
  const { id: _, ...rest } = item;
  return (id === undefined ? rest : { ...rest, id }) as Item;
}
