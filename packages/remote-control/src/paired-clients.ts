import type { Transport } from "@codex-ts/client";
import type {
  RemoteControlClient,
  RemoteControlClientEntry,
  RemoteControlClientList,
} from "@codex-ts/protocol";
import { type CallNames, callBackend } from "./backend-call.js";
import type { LoginWatch } from "./login-watch.js";
import { loadAccount } from "./remote-control-auth.js";
import { RemoteControlError, type RemoteControlErrorKind } from "./remote-control-error.js";
import type { RemoteControlTargets } from "./remote-control-targets.js";
import { parseRfc3339 } from "./rfc3339.js";

/** Which of the clients. */
export interface ClientPage {
  /** Goes on where a page has ended. */
  readonly cursor?: string | null | undefined;
  /** At most so many, 1 to 100. */
  readonly limit?: number | null | undefined;
  readonly order?: "asc" | "desc" | null | undefined;
}

/** What these calls need of their surroundings. */
export interface PairedClientsOptions {
  readonly transport: Transport;
  readonly targets: () => RemoteControlTargets;
  readonly watch: LoginWatch;
  readonly installationId: string;
  readonly timeoutMs: number;
}

/** Lists the clients of an environment. */
export async function listClients(
  options: PairedClientsOptions,
  environmentId: string,
  page: ClientPage,
  signal: AbortSignal,
): Promise<RemoteControlClientList> {
  demand(environmentId, "remote control client list requires environmentId");
  const query = toQuery(page);
  const url = options.targets().clients(environmentId);
  const account = await loadAccount(options.watch, signal);
  const { value } = await callBackend({
    transport: options.transport,
    request: { method: "GET", url: query === "" ? url : `${url}?${query}` },
    url,
    auth: account.auth,
    names: listNames,
    timeoutMs: options.timeoutMs,
    signal,
    kinds: badRequest,
    schema: ({ remoteControlClientListSchema }) => remoteControlClientListSchema,
  });
  return { data: value.items.map(toClient), nextCursor: value.cursor };
}

/** Takes the pairing of a client back. */
export async function revokeClient(
  options: PairedClientsOptions,
  environmentId: string,
  clientId: string,
  signal: AbortSignal,
): Promise<void> {
  demand(environmentId, "remote control client revoke requires environmentId");
  demand(clientId, "remote control client revoke requires clientId");
  const url = options.targets().client(environmentId, clientId);
  const account = await loadAccount(options.watch, signal);
  await callBackend<void>({
    transport: options.transport,
    request: { method: "DELETE", url },
    url,
    auth: account.auth,
    names: revokeNames,
    timeoutMs: options.timeoutMs,
    signal,
    kinds: badRequest,
  });
}

const badRequest: Readonly<Record<number, RemoteControlErrorKind>> = { 400: "invalid_input" };

const listNames: CallNames = {
  send: "failed to list remote control clients",
  read: "failed to read list remote control clients response",
  refused: "remote control client list failed",
  parse: "failed to parse remote control client list response",
  namesUrl: false,
};

const revokeNames: CallNames = {
  send: "failed to revoke remote control client",
  read: "failed to read revoke remote control client response",
  refused: "remote control client revoke failed",
  parse: "failed to parse remote control client revoke response",
  namesUrl: false,
};

function toQuery({ cursor, limit, order }: ClientPage): string {
  const query = new URLSearchParams();
  if (typeof cursor === "string") query.set("cursor", cursor);
  if (typeof limit === "number") {
    if (!Number.isInteger(limit) || limit < 1 || limit > 100)
      throw invalidInput("remote control client list limit must be between 1 and 100");
    query.set("limit", String(limit));
  }
  if (typeof order === "string") query.set("order", order);
  return query.toString();
}

function toClient(entry: RemoteControlClientEntry): RemoteControlClient {
  return {
    clientId: entry.client_id,
    displayName: entry.display_name,
    deviceType: entry.device_type,
    platform: entry.platform,
    osVersion: entry.os_version,
    deviceModel: entry.device_model,
    appVersion: entry.app_version,
    lastSeenAt: entry.last_seen_at === null ? null : toUnixSeconds(entry.last_seen_at),
  };
}

function toUnixSeconds(text: string): number {
  const milliseconds = parseRfc3339(text);
  if (milliseconds !== undefined) return Math.floor(milliseconds / 1000);
  throw new RemoteControlError(
    `failed to parse remote control client last_seen_at \`${text}\`: it is no RFC 3339 time`,
    { kind: "invalid_data" },
  );
}

function demand(value: string, message: string): void {
  if (value === "") throw invalidInput(message);
}

function invalidInput(message: string): RemoteControlError {
  return new RemoteControlError(message, { kind: "invalid_input" });
}
