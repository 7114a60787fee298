import { originalOf } from "./original.js";
import type { ResponseItem } from "./response-item.js";

/**
 * Gives what goes back to the server for an item: the item itself, or, where the server used a type that this
 * package does not know, the original JSON verbatim.
 */
export function toWireItem(item: ResponseItem): unknown {
  if (item.type === "other") return originalOf(item) ?? item;
  if (item.type !== "web_search_call" || item.action?.type !== "other") return item;
  const action = originalOf(item.action);
  return action === undefined ? item : { ...item, action };
}
