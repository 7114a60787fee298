import type { KnownAgent } from "../agent-registry.js";
import type { BackendState } from "../backend-state.js";
import { isSignedBy } from "../ed25519.js";
import { Refusal } from "../refusal.js";
import { jsonReply } from "../reply.js";
import { sealFor } from "../sealed-box.js";
import { parseSignedTimestamp } from "../timestamp.js";
import { jsonBody } from "./json-body.js";
import type { Route } from "./route.js";

/** `POST …/v1/agent/<id>/task/register`: the signature alone says who asks. */
export const taskRegistrationRoute: Route = {
  method: "POST",
  pattern: /^(?:\/api\/accounts|\/backend-api)?\/v1\/agent\/(.+)\/task\/register$/,
  auth: "own",
  handle({ request, state, params: [runtimeIdInPath = ""] }) {
    if (request.auth.kind !== "none") {
      throw new Refusal("A task is registered without Authorization", {
        status: 400,
        code: "authorization_not_allowed",
      });
    }
    const agent = findAgent(runtimeIdInPath, state);
    const { timestamp, signature } = jsonBody(request);
    const signedAt = typeof timestamp === "string" ? parseSignedTimestamp(timestamp) : undefined;
    if (signedAt === undefined) {
      throw new Refusal("'timestamp' must be RFC 3339 in whole seconds and UTC", {
        status: 400,
        code: "invalid_timestamp",
      });
    }
    const message = `${agent.agentRuntimeId}:${timestamp}`;
    if (typeof signature !== "string" || !isSignedBy(agent.publicKey, message, signature)) {
      throw new Refusal("The signature does not match the agent's key", {
        status: 401,
        code: "invalid_signature",
      });
    }
    if (Math.abs(state.now() - signedAt) > state.credentialRules.maxClockSkewMs) {
      throw new Refusal("The timestamp is too far from the backend's clock", {
        status: 401,
        code: "timestamp_out_of_range",
      });
    }
    const taskId = state.agents.issueTask(agent);
    const isSealed = state.taskIdField.startsWith("encrypted");
    return jsonReply(200, { [state.taskIdField]: isSealed ? sealFor(agent.publicKey, taskId) : taskId });
  },
};

function findAgent(runtimeIdInPath: string, { agents }: BackendState): KnownAgent {
  // Clients put the id into the path as it is; their URL class may have escaped it.
  const agent = agents.find(runtimeIdInPath) ?? agents.find(unescaped(runtimeIdInPath));
  if (agent === undefined)
    throw new Refusal("The agent runtime id is not known", { status: 404, code: "unknown_agent" });
  return agent;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
