import type { BackendAccountEntry } from "../codex/backend-account.js";
import { Refusal } from "../refusal.js";
import { jsonReply } from "../reply.js";
import { accountId } from "./account-id.js";
import { codexRoute } from "./codex-route.js";
import { jsonBody } from "./json-body.js";
import { arrayMember, invalidMember, textMember } from "./members.js";
import type { Exchange, Route } from "./route.js";

/** `accounts/check`: which accounts there are, and where their workspace is served. */
const accountsCheckRoute = codexRoute("GET", "accounts/check", (exchange) => {
  const { account } = exchange.state;
  const accounts = (account.accounts ?? [{ id: accountId(exchange) }]).map((entry) =>
    withDefaults(entry, exchange),
  );
  const ids = accounts.map(({ id }) => id);
  return jsonReply(200, {
    accounts: account.accountsForm === "list" ? accounts : toMap(accounts),
    account_ordering: account.accountOrdering ?? ids,
    default_account_id: account.defaultAccountId === undefined ? (ids[0] ?? null) : account.defaultAccountId,
  });
});

const nudgeRoute = codexRoute("POST", "accounts/send_add_credits_nudge_email", ({ request, state }) => {
  const creditType = textMember(jsonBody(request), "credit_type");
  if (creditType !== "credits" && creditType !== "usage_limit")
    throw invalidMember("credit_type", "`credits` or `usage_limit`");
  if (!state.account.nudge(creditType))
    throw new Refusal("The owner was asked not long ago", { status: 429, code: "cooldown_active" });
  return jsonReply(200, {});
});

const usageRoute = codexRoute("GET", "usage", ({ state }) => jsonReply(200, state.account.usage.toWire()));

const resetCreditsRoute = codexRoute("GET", "rate-limit-reset-credits", ({ state: { account } }) =>
  jsonReply(200, { credits: account.usage.resetCredits, available_count: account.usage.availableCredits }),
);

const consumeRoute = codexRoute("POST", "rate-limit-reset-credits/consume", ({ request, state }) => {
  const body = jsonBody(request);
  const { credit_id: creditId } = body;
  if (creditId !== undefined && typeof creditId !== "string") throw invalidMember("credit_id", "a string");
  return jsonReply(200, state.account.usage.redeem(textMember(body, "redeem_request_id"), creditId));
});

const threadUsageRoute = codexRoute("POST", "usage/thread_usage/query", ({ request, state }) => {
  const ids = arrayMember(jsonBody(request), "thread_ids");
  return jsonReply(200, {
    threads: state.account.threadUsage.filter(({ thread_id }) => ids.includes(thread_id)),
  });
});

const profileRoute = codexRoute("GET", "profiles/me", ({ state }) => jsonReply(200, state.account.profile));

const workspaceMessagesRoute = codexRoute("GET", "workspace-messages", ({ state: { account } }) => {
  if (account.messages === undefined)
    throw new Refusal("The workspace has no messages", { status: 404, code: "not_found" });
  return jsonReply(200, { messages: account.messages });
});

/** `settings/user`: asked once for each turn. */
const userSettingsRoute = codexRoute("GET", "settings/user", ({ state }) =>
  jsonReply(200, state.account.settings),
);

/** `POST …/analytics-events/events`: taken in and forgotten. */
const analyticsRoute: Route = {
  method: "POST",
  pattern: /^\/backend-api(?:\/codex)?\/analytics-events\/events$/,
  auth: "required",
  handle: () => jsonReply(200, {}),
};

/** What concerns the account of a login. */
export const accountRoutes: readonly Route[] = [
  accountsCheckRoute,
  nudgeRoute,
  usageRoute,
  resetCreditsRoute,
  consumeRoute,
  threadUsageRoute,
  profileRoute,
  workspaceMessagesRoute,
  userSettingsRoute,
  analyticsRoute,
];

function withDefaults(entry: BackendAccountEntry, { origin }: Exchange): BackendAccountEntry {
  return {
    structure: "personal",
    plan_type: "pro",
    workspace_backend_origin: origin,
    account_routing_override: "us",
    ...entry,
  };
}

function toMap(accounts: readonly BackendAccountEntry[]): object {
  return Object.fromEntries(
    accounts.map(({ id, ...account }) => [id, { account: { account_id: id, ...account } }]),
  );
}
