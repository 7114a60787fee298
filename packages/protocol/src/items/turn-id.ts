import { metadataMember } from "./metadata.js";
import type { ResponseItem } from "./response-item.js";

/**
 * Notes the turn on an item that does not name one yet and gives the item back; a turn that is already there
 * stays. An empty `turnId` changes nothing, and items that carry no metadata (`additional_tools`,
 * `compaction_trigger`, unknown types) are given back as they are.
 */
export function stampTurnId<Item extends ResponseItem>(item: Item, turnId: string): Item {
  if (turnId === "" || !carriesMetadata(item)) return item;
  const metadata = item[metadataMember];
  if (metadata?.turn_id) return item;
  return { ...item, [metadataMember]: { ...metadata, turn_id: turnId } };
}

/** Gives the item without its metadata, for providers that do not know them. */
export function clearItemMetadata<Item extends ResponseItem>(item: Item): Item {
  if (!carriesMetadata(item) || item[metadataMember] === undefined) return item;
  const { [metadataMember]: _, ...bare } = item;
  return bare as ResponseItem as Item;
}

type BareItem = Extract<ResponseItem, { readonly type: "additional_tools" | "compaction_trigger" | "other" }>;

function carriesMetadata<Item extends ResponseItem>(item: Item): item is Exclude<Item, BareItem> {
  return item.type !== "additional_tools" && item.type !== "compaction_trigger" && item.type !== "other";
}
