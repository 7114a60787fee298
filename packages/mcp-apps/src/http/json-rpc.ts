import { isJsonObject, type JsonObject } from "../json-object.js";

/** What a request and its answer have in common. */
export type RpcId = number | string;

/** What has to be known of the messages that go out together. */
export interface OutgoingMessages {
  /** Of the requests, which want an answer. */
  readonly ids: readonly RpcId[];
  readonly methods: readonly string[];
  /** Of the requests that are not wanted any more. */
  readonly cancelled: readonly RpcId[];
}

/** Looks through messages that go out. */
export function readOutgoing(json: string): OutgoingMessages {
  const ids: RpcId[] = [];
  const methods: string[] = [];
  const cancelled: RpcId[] = [];
  for (const { id, method, params } of messagesOf(json)) {
    if (typeof method !== "string") continue;
    methods.push(method);
    if (isId(id)) ids.push(id);
    const requestId = isJsonObject(params) ? params["requestId"] : undefined;
    if (method === "notifications/cancelled" && isId(requestId)) cancelled.push(requestId);
  }
  return { ids, methods, cancelled };
}

/** The requests that messages from the server answer. */
export function answeredBy(json: string): readonly RpcId[] {
  return messagesOf(json)
    .filter((message) => "result" in message || "error" in message)
    .map(({ id }) => id)
    .filter(isId);
}

/** None, if the text is no JSON. */
function messagesOf(json: string): readonly JsonObject[] {
  try {
    const value: unknown = JSON.parse(json);
    return (Array.isArray(value) ? value : [value]).filter(isJsonObject);
  } catch {
    return [];
  }
}

function isId(value: unknown): value is RpcId {
  return typeof value === "number" || typeof value === "string";
}
