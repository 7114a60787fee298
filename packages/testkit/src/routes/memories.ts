import { jsonReply } from "../reply.js";
import { jsonBody } from "./json-body.js";
import { arrayMember, membersOf, textMember } from "./members.js";
import type { Route } from "./route.js";

/** `POST …/memories/trace_summarize`: one summary for each trace. */
export const memoriesRoute: Route = {
  method: "POST",
  pattern: /^(?:\/v1|\/backend-api\/codex|\/api\/codex)\/memories\/trace_summarize$/,
  auth: "required",
  handle({ request }) {
    const body = jsonBody(request);
    textMember(body, "model");
    return jsonReply(200, { output: arrayMember(body, "traces").map(summarize) });
  },
};

function summarize(trace: unknown): { readonly trace_summary: string; readonly memory_summary: string } {
  const members = membersOf(trace);
  const id = textMember(members, "id");
  const source = textMember(membersOf(members["metadata"]), "source_path");
  const { length } = arrayMember(members, "items");
  return {
    trace_summary: `Trace ${id} of ${source} has ${length} items.`,
    memory_summary: `${length} items`,
  };
}
