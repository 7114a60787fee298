import {
  type Draft,
  type JsonObject,
  jsonObject,
  keepString,
  memberOf,
  mismatch,
  objectMember,
} from "../json-members.js";

/** What the client notes on an item and the server hands back untouched. */
export interface ItemMetadata {
  /** The turn in which the item came up. */
  readonly turn_id?: string | undefined;
  /** Seconds since 1970, with fractions. */
  readonly create_time?: number | undefined;
}

/** The member that holds {@link ItemMetadata}. */
export const metadataMember = "internal_chat_message_metadata_passthrough";

/** Reads the metadata of an item, if it has any, into the item under construction. */
export function keepMetadata(
  source: JsonObject,
  target: { [metadataMember]?: ItemMetadata | undefined },
): void {
  if (memberOf(source, metadataMember) === undefined) return;
  target[metadataMember] = objectMember(source, metadataMember, parseMetadata);
}

function parseMetadata(value: unknown): ItemMetadata {
  const source = jsonObject(value);
  const metadata: Draft<ItemMetadata> = {};
  keepString(source, "turn_id", metadata);
  const createTime = memberOf(source, "create_time");
  if (createTime === undefined) return metadata;
  if (typeof createTime !== "number") throw mismatch("create_time", "a number", createTime);
  metadata.create_time = createTime;
  return metadata;
}
