import { jsonReply } from "../reply.js";
import { jsonBody } from "./json-body.js";
import { arrayMember, textMember } from "./members.js";
import type { Route } from "./route.js";

/** `POST …/responses/compact`: keeps what users said, and puts a compaction in place of the rest. */
export const compactRoute: Route = {
  method: "POST",
  pattern: /^(?:\/v1|\/backend-api\/codex|\/api\/codex)\/responses\/compact$/,
  auth: "required",
  handle({ request }) {
    const body = jsonBody(request);
    textMember(body, "model");
    const input = arrayMember(body, "input");
    const kept = input.filter(isUserMessage);
    const dropped = JSON.stringify(input.filter((item) => !isUserMessage(item)));
    const compaction = { type: "compaction", encrypted_content: Buffer.from(dropped).toString("base64") };
    return jsonReply(
      200,
      { output: [...kept, compaction] },
      { "x-codex-turn-state": `turn-${request.requestId}` },
    );
  },
};

function isUserMessage(item: unknown): boolean {
  const { type, role } = (item ?? {}) as Readonly<Record<string, unknown>>;
  return type === "message" && role === "user";
}
