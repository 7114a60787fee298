import { Refusal } from "../refusal.js";
import { jsonReply } from "../reply.js";
import type { Route } from "./route.js";

/** `GET …/models?client_version=…`. */
export const modelsRoute: Route = {
  method: "GET",
  pattern: /^(?:\/v1|\/backend-api\/codex|\/api\/codex)\/models$/,
  auth: "required",
  handle({ request, state }) {
    if (!/^\d+\.\d+\.\d+$/.test(request.query.get("client_version") ?? "")) {
      throw new Refusal("'client_version' must be major.minor.patch", {
        status: 400,
        code: "invalid_client_version",
        param: "client_version",
      });
    }
    const { models, headers } = state.catalogue;
    return jsonReply(200, { models }, headers);
  },
};
