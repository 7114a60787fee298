/** Which client, and which of its streams. */
export interface StreamKey {
  readonly clientId: string;
  readonly streamId: string;
}

/** The key as one text, for maps. */
export function toKeyText({ clientId, streamId }: StreamKey): string {
  return JSON.stringify([clientId, streamId]);
}

/** Reads what {@link toKeyText} has made. */
export function fromKeyText(text: string): StreamKey {
  const [clientId, streamId] = JSON.parse(text) as [string, string];
  return { clientId, streamId };
}
