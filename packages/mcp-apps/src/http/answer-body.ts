import { isHtmlAnswer, type TransportStream } from "@codex-ts/client";
import { McpAppsError } from "../errors.js";
import { answeredBy, type RpcId } from "./json-rpc.js";

/**
 * Tells in which form the answer to a request comes.
 *
 * @throws {@link McpAppsError} of kind `html` or `invalid_answer`.
 */
export function checkAnswer({ status, headers }: TransportStream): "events" | "json" {
  const contentType = headers.get("content-type") ?? "";
  const mediaType = contentType.split(";")[0]?.trim().toLowerCase();
  if (status === 202 || status === 204)
    throw new McpAppsError("Codex Apps accepted a request without answering it", {
      kind: "invalid_answer",
      status,
    });
  if (mediaType === "text/event-stream") return "events";
  if (mediaType === "application/json") return "json";
  const shown = contentType === "" ? "missing-content-type" : JSON.stringify(contentType.slice(0, 256));
  throw new McpAppsError(`Codex Apps answered with unexpected content type ${shown}`, {
    kind: isHtmlAnswer(headers) ? "html" : "invalid_answer",
    status,
  });
}

/**
 * Reads a JSON answer to its end, and makes sure that it answers what was asked.
 *
 * @throws {@link McpAppsError} of kind `invalid_answer` or what the body fails with.
 */
export async function readAnswer({ body }: TransportStream, pending: ReadonlySet<RpcId>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxAnswerBytes)
      throw new McpAppsError(`Codex Apps answered with more than ${maxAnswerBytes} bytes`, {
        kind: "invalid_answer",
      });
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  const answered = answeredBy(text);
  if ([...pending].every((id) => answered.includes(id))) return text;
  throw new McpAppsError("Codex Apps answered with JSON that holds no result of the request", {
    kind: "invalid_answer",
  });
}

/** As much as one event of a stream may have. */
const maxAnswerBytes = 64 * 1024 * 1024;
