import { jsonReply } from "../reply.js";
import { jsonBody } from "./json-body.js";
import { membersOf, textMember } from "./members.js";
import type { Route } from "./route.js";

/** `POST …/alpha/search`: names the commands, and finds one page for each query. */
export const searchRoute: Route = {
  method: "POST",
  pattern: /^(?:\/v1|\/backend-api\/codex|\/api\/codex)\/alpha\/search$/,
  auth: "required",
  handle({ request }) {
    const body = jsonBody(request);
    textMember(body, "id");
    textMember(body, "model");
    const commands = membersOf(body["commands"]);
    const { search_query: queries = [] } = commands;
    const results = (Array.isArray(queries) ? queries : []).map((query, index) => ({
      ref_id: `turn0search${index}`,
      title: `About ${textMember(membersOf(query), "q")}`,
      url: `https://example.test/${index}`,
    }));
    const output = [
      `Commands: ${Object.keys(commands).join(", ") || "none"}`,
      ...results.map(({ title }) => title),
    ];
    return jsonReply(200, { output: output.join("\n"), encrypted_output: null, results });
  },
};
