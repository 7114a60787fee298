import type { IncomingMessage } from "node:http";
import type { BackendState } from "../backend-state.js";
import { Refusal } from "../refusal.js";
import { jsonReply, type Reply } from "../reply.js";
import { jsonBody } from "../routes/json-body.js";
import { textMember } from "../routes/members.js";
import type { Exchange, Route } from "../routes/route.js";
import type { LocalServer } from "./remote-server.js";

const base = "\\/backend-api\\/wham\\/remote\\/control";

/** `POST …/server/enroll`: makes a server known. */
const enrollRoute: Route = {
  method: "POST",
  pattern: new RegExp(`^${base}\\/server\\/enroll$`),
  auth: "required",
  handle(exchange) {
    const accountId = demandAccount(exchange);
    const body = demandInstallation(exchange);
    for (const name of ["name", "os", "arch", "app_server_version"]) textMember(body, name);
    const { remoteControl } = exchange.state;
    return jsonReply(200, remoteControl.issueToken(remoteControl.enroll(accountId, body)));
  },
};

/** `POST …/server/refresh`: a new token for a server that is known. */
const refreshRoute: Route = {
  method: "POST",
  pattern: new RegExp(`^${base}\\/server\\/refresh$`),
  auth: "required",
  handle(exchange) {
    const accountId = demandAccount(exchange);
    const body = demandInstallation(exchange);
    const { remoteControl } = exchange.state;
    const server = remoteControl.find(textMember(body, "server_id"));
    // Whose it is, is nobody else's business.
    if (server === undefined || server.accountId !== accountId) return missingServer();
    if (server.facts["installation_id"] !== body["installation_id"])
      throw refusal(409, "installation_mismatch", "The server belongs to another installation");
    return jsonReply(200, remoteControl.issueToken(server));
  },
};

/** `POST …/server/pair`: a code for a client. */
const pairRoute: Route = {
  method: "POST",
  pattern: new RegExp(`^${base}\\/server\\/pair$`),
  auth: "own",
  handle(exchange) {
    const server = demandServer(exchange);
    if (server === undefined) return missingServer();
    const isManual = jsonBody(exchange.request)["manual_code"];
    if (typeof isManual !== "boolean")
      throw refusal(400, "invalid_request_body", "'manual_code' must be a boolean");
    const pairing = exchange.state.remoteControl.startPairing(server, isManual);
    return jsonReply(200, {
      pairing_code: pairing.pairingCode,
      ...(isManual ? { manual_pairing_code: pairing.manualPairingCode } : {}),
      server_id: server.serverId,
      environment_id: server.environmentId,
      expires_at: new Date(pairing.expiresAt).toISOString(),
    });
  },
};

/** `POST …/server/pair/status`: whether a client has claimed it. */
const pairStatusRoute: Route = {
  method: "POST",
  pattern: new RegExp(`^${base}\\/server\\/pair\\/status$`),
  auth: "own",
  handle(exchange) {
    const server = demandServer(exchange);
    const { pairing_code, manual_pairing_code } = jsonBody(exchange.request);
    const pairing = exchange.state.remoteControl.pairings.find(
      ({ pairingCode, manualPairingCode, serverId }) =>
        serverId === server?.serverId &&
        (pairingCode === pairing_code ||
          (manual_pairing_code !== undefined && manualPairingCode === manual_pairing_code)),
    );
    if (pairing === undefined) throw refusal(404, "pairing_not_found", "The code is not known");
    if (pairing.expiresAt <= exchange.state.now())
      throw refusal(410, "pairing_expired", "The code has expired");
    return jsonReply(200, { claimed: pairing.isClaimed });
  },
};

/** `GET …/environments/<id>/clients`: the clients that are paired. */
const listRoute: Route = {
  method: "GET",
  pattern: new RegExp(`^${base}\\/environments\\/([^/]+)\\/clients$`),
  auth: "required",
  handle(exchange) {
    demandAccount(exchange);
    const { request, state, params } = exchange;
    const clients = state.remoteControl.pairedClients.get(decodeURIComponent(params[0] ?? "")) ?? [];
    const ordered = request.query.get("order") === "desc" ? [...clients].reverse() : clients;
    const start = Number(request.query.get("cursor") ?? 0);
    const end = start + Number(request.query.get("limit") ?? 100);
    return jsonReply(200, {
      items: ordered.slice(start, end),
      ...(end < ordered.length ? { cursor: String(end) } : {}),
    });
  },
};

/** `DELETE …/environments/<id>/clients/<id>`: takes a pairing back. */
const revokeRoute: Route = {
  method: "DELETE",
  pattern: new RegExp(`^${base}\\/environments\\/([^/]+)\\/clients\\/([^/]+)$`),
  auth: "required",
  handle(exchange) {
    demandAccount(exchange);
    const [environmentId = "", clientId = ""] = exchange.params.map(decodeURIComponent);
    const clients = exchange.state.remoteControl.pairedClients.get(environmentId) ?? [];
    const index = clients.findIndex(({ client_id }) => client_id === clientId);
    if (index === -1) throw refusal(404, "client_not_found", "The client is not known");
    clients.splice(index, 1);
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  },
};

/** `GET …/server`: what an upgrade that is refused gets. */
const socketRoute: Route = {
  method: "GET",
  pattern: new RegExp(`^${base}\\/server$`),
  auth: "own",
  handle(exchange) {
    const { request } = exchange;
    const server = demandServer(exchange);
    if (request.headers["x-codex-protocol-version"] !== "3")
      throw refusal(426, "unsupported_protocol_version", "Only version 3 of the protocol is spoken here");
    if (server?.serverId !== request.headers["x-codex-server-id"]) return missingServer();
    if (server?.facts["installation_id"] !== request.headers["x-codex-installation-id"])
      throw refusal(409, "installation_mismatch", "The server belongs to another installation");
    if (request.headers["chatgpt-account-id"] !== undefined)
      throw refusal(400, "account_not_allowed", "The token says whose server it is");
    throw refusal(426, "websocket_expected", "Ask for a WebSocket");
  },
};

/** Finds the server that an upgrade may go on for. */
export function welcomeServer({ headers }: IncomingMessage, state: BackendState): LocalServer | undefined {
  const server = state.remoteControl.find(state.remoteControl.serverOfToken(headers.authorization)?.serverId);
  const isWelcome =
    headers.upgrade?.toLowerCase() === "websocket" &&
    headers["x-codex-protocol-version"] === "3" &&
    headers["x-codex-server-id"] === server?.serverId &&
    headers["x-codex-installation-id"] === server?.facts["installation_id"] &&
    headers["chatgpt-account-id"] === undefined;
  return isWelcome ? server : undefined;
}

/** All endpoints of remote control. */
export const remoteControlRoutes: readonly Route[] = [
  enrollRoute,
  refreshRoute,
  pairRoute,
  pairStatusRoute,
  listRoute,
  revokeRoute,
  socketRoute,
];

/** Where a server connects to. */
export const remoteControlSocketPath: RegExp = socketRoute.pattern;

/** The reference tells this 404 from all others by its text. */
function missingServer(): Reply {
  return jsonReply(404, { detail: "Remote app server not found" });
}

/** @throws {@link Refusal} 401 for a server token that is missing, not known or not good any more. */
function demandServer({ request, state }: Exchange): LocalServer | undefined {
  const server = state.remoteControl.serverOfToken(request.headers.authorization);
  if (server === undefined) throw refusal(401, "invalid_server_token", "The server token is not good");
  return state.remoteControl.find(server.serverId);
}

/** @throws {@link Refusal} 403 for a credential that is none of ChatGPT, or does not name its account. */
function demandAccount({ request, state }: Exchange): string {
  const { auth } = request;
  const named = request.headers["chatgpt-account-id"];
  if (auth.kind === "bearer" && auth.credential === "apiKey")
    throw refusal(403, "chatgpt_auth_required", "Remote control is not there for API keys");
  const agent = auth.kind === "agentAssertion" ? state.agents.find(auth.agentRuntimeId) : undefined;
  const owner = auth.kind === "bearer" ? auth.accountId : (agent?.accountId ?? null);
  if (typeof named !== "string" || named.includes(",") || (owner !== null && owner !== named))
    throw refusal(403, "account_mismatch", "ChatGPT-Account-ID must be the account, once");
  return named;
}

/** @throws {@link Refusal} 400 when header and body do not name the same installation. */
function demandInstallation({ request }: Exchange): Readonly<Record<string, unknown>> {
  const body = jsonBody(request);
  if (textMember(body, "installation_id") === request.headers["x-codex-installation-id"]) return body;
  throw refusal(400, "installation_mismatch", "x-codex-installation-id must be the installation_id");
}

function refusal(status: number, code: string, message: string): Refusal {
  return new Refusal(message, { status, code });
}
