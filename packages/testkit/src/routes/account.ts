import { jsonReply } from "../reply.js";
import type { Exchange, Route } from "./route.js";

/** `GET …/wham/accounts/check`: which accounts there are, and where their workspace is served. */
export const accountsCheckRoute: Route = {
  method: "GET",
  pattern: /^\/backend-api\/wham\/accounts\/check$/,
  auth: "required",
  handle(exchange) {
    const id = accountId(exchange);
    const account = {
      id,
      structure: "personal",
      plan_type: "pro",
      // Never a foreign origin: a client that follows it would take a test's credentials there.
      workspace_backend_origin: exchange.origin,
      account_routing_override: "us",
    };
    return jsonReply(200, { accounts: [account], account_ordering: [id], default_account_id: id });
  },
};

/** `GET …/wham/settings/user`: asked once for each turn. */
export const userSettingsRoute: Route = {
  method: "GET",
  pattern: /^\/backend-api\/wham\/settings\/user$/,
  auth: "required",
  handle: () => jsonReply(200, {}),
};

/** `POST …/analytics-events/events`: taken in and forgotten. */
export const analyticsRoute: Route = {
  method: "POST",
  pattern: /^\/backend-api(?:\/codex)?\/analytics-events\/events$/,
  auth: "required",
  handle: () => jsonReply(200, {}),
};

/** The account whose credential a request carries. */
export function accountId({ request, state }: Exchange): string {
  const { auth } = request;
  if (auth.kind === "bearer" && auth.accountId !== null) return auth.accountId;
  const agent = auth.kind === "agentAssertion" ? state.agents.find(auth.agentRuntimeId) : undefined;
  return agent?.accountId ?? "account-test";
}
