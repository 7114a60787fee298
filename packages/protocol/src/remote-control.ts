/** How remote control is doing, as hosts are told. */
export interface RemoteControlStatus {
  readonly status: RemoteControlState;
  readonly serverName: string;
  readonly installationId: string;
  /** Where clients find this server. `null` while it is not enrolled, and while remote control is disabled. */
  readonly environmentId: string | null;
}

/** `errored`: the last try to connect failed, and another one follows. */
export type RemoteControlState = "disabled" | "connecting" | "connected" | "errored";

/** A pairing that waits for a client to claim it. */
export interface RemoteControlPairing {
  readonly pairingCode: string;
  /** For people to type. `null` unless it was asked for. */
  readonly manualPairingCode: string | null;
  readonly environmentId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** A client that was paired with an environment. */
export interface RemoteControlClient {
  readonly clientId: string;
  readonly displayName: string | null;
  readonly deviceType: string | null;
  readonly platform: string | null;
  readonly osVersion: string | null;
  readonly deviceModel: string | null;
  readonly appVersion: string | null;
  /** Unix seconds. */
  readonly lastSeenAt: number | null;
}

/** A page of the clients of an environment. */
export interface RemoteControlClientList {
  readonly data: readonly RemoteControlClient[];
  readonly nextCursor: string | null;
}

/** Parameters of `remoteControl/enable` and `remoteControl/disable`. */
export interface RemoteControlToggleParams {
  /** Leaves the stored preference as it is. */
  readonly ephemeral: boolean;
}

/** Parameters of `remoteControl/pairing/start`. */
export interface RemoteControlPairingStartParams {
  /** Asks for a code that people can type, too. */
  readonly manualCode: boolean;
}

/** Parameters of `remoteControl/pairing/status`: exactly one of them. */
export interface RemoteControlPairingStatusParams {
  readonly pairingCode: string | null;
  readonly manualPairingCode: string | null;
}

/** Parameters of `remoteControl/client/list`. What is not set is `null`. */
export interface RemoteControlClientListParams {
  readonly environmentId: string;
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number | null;
  readonly order: "asc" | "desc" | null;
}

/** Parameters of `remoteControl/client/revoke`. */
export interface RemoteControlClientRevokeParams {
  readonly environmentId: string;
  readonly clientId: string;
}

/** Answer of `POST …/wham/remote/control/server/enroll` and `…/refresh`. */
export interface RemoteControlEnrollmentAnswer {
  readonly server_id: string;
  readonly environment_id: string;
  readonly remote_control_token: string;
  /** RFC 3339. */
  readonly expires_at: string;
}

/** What is kept of an enrolment between two runs. Never the token. */
export interface RemoteControlEnrollmentRow {
  readonly websocket_url: string;
  readonly account_id: string;
  /** Empty for none. */
  readonly app_server_client_name: string;
  readonly server_id: string;
  readonly environment_id: string;
  readonly server_name: string;
  /** Unix seconds. */
  readonly updated_at: number;
  readonly remote_control_enabled: boolean | null;
}

/** Answer of `POST …/wham/remote/control/server/pair`. */
export interface RemoteControlPairingAnswer {
  readonly pairing_code: string;
  readonly manual_pairing_code: string | null;
  readonly server_id: string;
  readonly environment_id: string;
  /** RFC 3339. */
  readonly expires_at: string;
}

/** Answer of `POST …/wham/remote/control/server/pair/status`. */
export interface RemoteControlPairingStatusAnswer {
  readonly claimed: boolean;
}

/** Answer of `GET …/wham/remote/control/environments/<id>/clients`. */
export interface RemoteControlClientListAnswer {
  readonly items: readonly RemoteControlClientEntry[];
  readonly cursor: string | null;
}

/** A client as the backend lists it. */
export interface RemoteControlClientEntry {
  readonly client_id: string;
  readonly display_name: string | null;
  readonly device_type: string | null;
  readonly platform: string | null;
  readonly os_version: string | null;
  readonly device_model: string | null;
  readonly app_version: string | null;
  /** RFC 3339. */
  readonly last_seen_at: string | null;
}

/** A message of JSON-RPC 2.0 without its member `jsonrpc`, as it travels between a client and a server. */
export type RemoteControlMessage =
  | RemoteControlRequest
  | RemoteControlNotification
  | RemoteControlResponse
  | RemoteControlErrorResponse;

/** Wants an answer with the same id. */
export interface RemoteControlRequest {
  readonly id: string | number;
  readonly method: string;
  readonly params?: unknown;
}

/** Wants no answer. */
export interface RemoteControlNotification {
  readonly method: string;
  readonly params?: unknown;
}

/** Answers a request. */
export interface RemoteControlResponse {
  readonly id: string | number;
  readonly result: unknown;
}

/** Refuses a request. */
export interface RemoteControlErrorResponse {
  readonly id: string | number;
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
}
