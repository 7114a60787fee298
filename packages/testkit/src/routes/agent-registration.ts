import { parseSshPublicKey } from "../ed25519.js";
import { Refusal } from "../refusal.js";
import { jsonReply } from "../reply.js";
import { jsonBody } from "./json-body.js";
import type { Route } from "./route.js";

/** `POST …/v1/agent/register`: takes in a public key for the account of a ChatGPT access token. */
export const agentRegistrationRoute: Route = {
  method: "POST",
  pattern: /^(?:\/api\/accounts|\/backend-api)?\/v1\/agent\/register$/,
  auth: "own",
  handle({ request, state }) {
    const { auth } = request;
    if (auth.kind !== "bearer" || auth.credential !== "token") {
      throw new Refusal("An agent is registered with a ChatGPT access token", {
        status: 401,
        code: "invalid_token",
      });
    }
    const { abom, agent_public_key, capabilities, ttl } = jsonBody(request);
    checkAbom(abom);
    const publicKey = typeof agent_public_key === "string" ? parseSshPublicKey(agent_public_key) : undefined;
    if (publicKey === undefined)
      throw invalid("agent_public_key", "`ssh-ed25519 ` and base64, without a comment");
    if (!isNonEmptyTextList(capabilities)) throw invalid("capabilities", "an array of names");
    if (ttl !== null && !(typeof ttl === "number" && ttl > 0))
      throw invalid("ttl", "null or a positive number");
    const agent = state.agents.add({
      publicKey,
      accountId: auth.accountId ?? "account-test",
      isFedramp: request.headers["x-openai-fedramp"] === "true",
    });
    return jsonReply(200, { agent_runtime_id: agent.agentRuntimeId });
  },
};

function checkAbom(abom: unknown): void {
  const members = typeof abom === "object" && abom !== null ? (abom as Record<string, unknown>) : {};
  for (const name of ["agent_version", "agent_harness_id", "running_location"]) {
    const member = members[name];
    if (typeof member !== "string" || member === "") throw invalid(`abom.${name}`, "a non-empty string");
  }
}

function isNonEmptyTextList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string");
}

function invalid(param: string, expected: string): Refusal {
  return new Refusal(`'${param}' must be ${expected}`, { status: 400, code: "invalid_registration", param });
}
