import type { ConnectorSeed } from "../connectors/connector-store.js";
import { Refusal } from "../refusal.js";
import { jsonReply } from "../reply.js";
import { accountId } from "./account-id.js";
import { demandChatgpt } from "./chatgpt-credential.js";
import { decodeSegment } from "./codex-route.js";
import { jsonBody } from "./json-body.js";
import { arrayMember, invalidMember } from "./members.js";
import type { Exchange, Route } from "./route.js";

const directoryRoute = chatgptRoute("GET", "connectors/directory/list", (exchange) => {
  const { request, state } = exchange;
  const apps = state.connectors.list("public", accountId(exchange));
  const start = toStart(request.query.get("token"));
  const end = start + state.connectors.pageSize;
  return jsonReply(200, {
    apps: apps.slice(start, end).map(toDirectoryEntry),
    next_token: end < apps.length ? toToken(end) : null,
  });
});

const workspaceDirectoryRoute = chatgptRoute("GET", "connectors/directory/list_workspace", (exchange) => {
  const apps = exchange.state.connectors.list("workspace", accountId(exchange));
  return jsonReply(200, { apps: apps.map(toDirectoryEntry), next_token: null });
});

const settingsRoute = chatgptRoute("GET", "accounts/([^/]+)/settings", (exchange) => {
  const [id = ""] = exchange.params;
  if (decodeSegment(id) !== accountId(exchange))
    throw new Refusal("The account is another one", { status: 403, code: "account_mismatch" });
  return jsonReply(200, exchange.state.connectors.workspaceSettings(accountId(exchange)));
});

const appsBatchRoute = chatgptRoute("POST", "ps/apps/batch", (exchange) => {
  const body = jsonBody(exchange.request);
  const ids = arrayMember(body, "app_ids");
  if (typeof body["include_tools"] !== "boolean") throw invalidMember("include_tools", "true or false");
  const apps = ids.flatMap((id) => exchange.state.connectors.find(String(id), accountId(exchange)) ?? []);
  return jsonReply(200, { apps: apps.map((app) => toBatchEntry(app, body["include_tools"] === true)) });
});

/** The connectors directory, settings of workspaces, and the look-up of apps with their tools. */
export const connectorsRoutes: readonly Route[] = [
  directoryRoute,
  workspaceDirectoryRoute,
  settingsRoute,
  appsBatchRoute,
];

function chatgptRoute(method: "GET" | "POST", path: string, handle: Route["handle"]): Route {
  return {
    method,
    pattern: new RegExp(`^/backend-api/${path}$`),
    auth: "required",
    handle(exchange: Exchange) {
      demandChatgpt(exchange.request, "Connectors are");
      return handle(exchange);
    },
  };
}

function toDirectoryEntry({ tools: _tools, ...entry }: ConnectorSeed): object {
  return entry;
}

function toBatchEntry(
  { id, name, description, tools, ...entry }: ConnectorSeed,
  includeTools: boolean,
): object {
  return {
    id,
    name,
    description: description ?? null,
    icon_url: entry["logo_url"] ?? null,
    icon_dark_url: entry["logo_url_dark"] ?? null,
    distribution_channel: entry["distribution_channel"] ?? null,
    ...(includeTools ? { tools: tools ?? [] } : {}),
  };
}

// Not safe in a URL as it is: a client that does not encode it gets a 400.
function toToken(start: number): string {
  return `after ${start}+&/=~`;
}

function toStart(token: string | null): number {
  if (token === null) return 0;
  const [, start] = /^after (\d+)\+&\/=~$/.exec(token) ?? [];
  if (start === undefined)
    throw new Refusal("The token is not known", { status: 400, code: "invalid_token", param: "token" });
  return Number(start);
}
