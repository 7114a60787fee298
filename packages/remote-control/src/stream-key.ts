/** Which client, and which of its streams. */
export interface StreamKey {
  readonly clientId: string;
  readonly streamId: string;
}

/** The key as one text, for maps. */
export function toKeyText({ clientId, streamId }: StreamKey): string {
  return JSON.stringify([clientId, streamId]);
}
