import type { RemoteControlMessage } from "@codex-ts/protocol";

/** What the backend sends, apart from what its `type` adds. */
interface EnvelopeBase {
  readonly client_id: string;
  readonly stream_id?: string;
  readonly seq_id?: number;
  readonly cursor?: string;
}

/** A message of a client. */
export interface ClientMessageEnvelope extends EnvelopeBase {
  readonly type: "client_message";
  readonly message: RemoteControlMessage;
}

/** A part of a message of a client. */
export interface ClientChunkEnvelope extends EnvelopeBase {
  readonly type: "client_message_chunk";
  readonly segment_id: number;
  readonly segment_count: number;
  readonly message_size_bytes: number;
  readonly message_chunk_base64: string;
}

/** A client has taken in what was sent to it, up to here. */
interface AckEnvelope extends EnvelopeBase {
  readonly type: "ack";
  readonly segment_id?: number;
}

/** A client asks whether it is known, or has gone. */
interface ClientSignEnvelope extends EnvelopeBase {
  readonly type: "ping" | "client_closed";
}

/** An envelope as it was sent. */
export type WireEnvelope = ClientMessageEnvelope | ClientChunkEnvelope | AckEnvelope | ClientSignEnvelope;

/** An envelope with its message put together. */
export type InboundEnvelope = Exclude<WireEnvelope, ClientChunkEnvelope>;

/**
 * Reads an envelope. Members that are not known are left out, `null` counts as missing where a member may be.
 *
 * @returns Nothing for what is no envelope.
 */
export function decodeEnvelope(text: string): WireEnvelope | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const base = decodeBase(value);
  return base && decodeByType(value, base);
}

/**
 * Reads a message of JSON-RPC, in this order: request, notification, response, error.
 *
 * @returns Nothing for what is none.
 */
export function decodeMessage(value: unknown): RemoteControlMessage | undefined {
  if (!isObject(value)) return undefined;
  const { jsonrpc: _version, id, ...rest } = value;
  const hasId = typeof id === "string" || Number.isSafeInteger(id);
  // An id that cannot be given back as it came must not make a notification of a request.
  if (typeof id === "number" && Number.isInteger(id) && !hasId) return undefined;
  if (typeof rest["method"] === "string")
    return (hasId ? { id, ...rest } : rest) as unknown as RemoteControlMessage;
  if (!hasId) return undefined;
  if ("result" in rest) return { id, ...rest } as RemoteControlMessage;
  return isErrorBody(rest["error"]) ? ({ id, ...rest } as RemoteControlMessage) : undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;
type Base = Omit<ClientSignEnvelope, "type">;

function decodeByType(value: JsonObject, base: Base): WireEnvelope | undefined {
  const { type } = value;
  switch (type) {
    case "client_message": {
      const message = decodeMessage(value["message"]);
      return message && { type, message, ...base };
    }
    case "client_message_chunk":
      return decodeChunk(value, base);
    case "ack": {
      const segment = optional(value["segment_id"], isCount);
      return (
        segment && { type, ...(segment.value === undefined ? {} : { segment_id: segment.value }), ...base }
      );
    }
    case "ping":
    case "client_closed":
      return { type, ...base };
    default:
      return undefined;
  }
}

function decodeChunk(value: JsonObject, base: Base): ClientChunkEnvelope | undefined {
  const { segment_id, segment_count, message_size_bytes, message_chunk_base64 } = value;
  if (!isCount(segment_id) || !isCount(segment_count) || !isCount(message_size_bytes)) return undefined;
  if (typeof message_chunk_base64 !== "string") return undefined;
  return {
    type: "client_message_chunk",
    segment_id,
    segment_count,
    message_size_bytes,
    message_chunk_base64,
    ...base,
  };
}

function decodeBase(value: JsonObject): Base | undefined {
  const { client_id } = value;
  if (typeof client_id !== "string") return undefined;
  const stream = optional(value["stream_id"], isText);
  const seq = optional(value["seq_id"], isCount);
  const cursor = optional(value["cursor"], isText);
  if (stream === undefined || seq === undefined || cursor === undefined) return undefined;
  return {
    client_id,
    ...(stream.value === undefined ? {} : { stream_id: stream.value }),
    ...(seq.value === undefined ? {} : { seq_id: seq.value }),
    ...(cursor.value === undefined ? {} : { cursor: cursor.value }),
  };
}

/** Nothing at all for a value of a wrong type. */
function optional<Value>(
  value: unknown,
  isValid: (value: unknown) => value is Value,
): { readonly value: Value | undefined } | undefined {
  if (value === undefined || value === null) return { value: undefined };
  return isValid(value) ? { value } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isErrorBody(value: unknown): boolean {
  return isObject(value) && Number.isInteger(value["code"]) && isText(value["message"]);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
