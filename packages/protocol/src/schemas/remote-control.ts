import { z } from "zod";
import type {
  RemoteControlClientEntry,
  RemoteControlClientListAnswer,
  RemoteControlClientListParams,
  RemoteControlClientRevokeParams,
  RemoteControlEnrollmentAnswer,
  RemoteControlEnrollmentRow,
  RemoteControlPairingAnswer,
  RemoteControlPairingStartParams,
  RemoteControlPairingStatusAnswer,
  RemoteControlPairingStatusParams,
  RemoteControlToggleParams,
} from "../remote-control.js";
import { orNull, withDefault } from "./optional.js";

/** Reads the answers of `POST …/wham/remote/control/server/enroll` and `…/refresh`. */
export const remoteControlEnrollmentSchema: z.ZodType<RemoteControlEnrollmentAnswer> = z.object({
  server_id: z.string(),
  environment_id: z.string(),
  remote_control_token: z.string(),
  expires_at: z.string(),
});

/** Reads the answer of `POST …/wham/remote/control/server/pair`. */
export const remoteControlPairingSchema: z.ZodType<RemoteControlPairingAnswer> = z.object({
  pairing_code: z.string(),
  manual_pairing_code: orNull(z.string()),
  server_id: z.string(),
  environment_id: z.string(),
  expires_at: z.string(),
});

/** Reads the answer of `POST …/wham/remote/control/server/pair/status`. */
export const remoteControlPairingStatusSchema: z.ZodType<RemoteControlPairingStatusAnswer> = z.object({
  claimed: z.boolean(),
});

const clientEntrySchema: z.ZodType<RemoteControlClientEntry> = z.object({
  client_id: z.string(),
  display_name: orNull(z.string()),
  device_type: orNull(z.string()),
  platform: orNull(z.string()),
  os_version: orNull(z.string()),
  device_model: orNull(z.string()),
  app_version: orNull(z.string()),
  last_seen_at: orNull(z.string()),
});

/** Reads the answer of `GET …/wham/remote/control/environments/<id>/clients`. */
export const remoteControlClientListSchema: z.ZodType<RemoteControlClientListAnswer> = z.object({
  items: z.array(clientEntrySchema),
  cursor: orNull(z.string()),
});

/** Reads the parameters of `remoteControl/enable` and `remoteControl/disable`; there may be none. */
export const remoteControlToggleParamsSchema: z.ZodType<RemoteControlToggleParams> = z
  .object({ ephemeral: withDefault(z.boolean(), false) })
  .nullish()
  .transform((params) => params ?? { ephemeral: false });

/** Reads the parameters of `remoteControl/pairing/start`. */
export const remoteControlPairingStartParamsSchema: z.ZodType<RemoteControlPairingStartParams> = z.object({
  manualCode: withDefault(z.boolean(), false),
});

/** Reads the parameters of `remoteControl/pairing/status`. That exactly one is set is not looked at here. */
export const remoteControlPairingStatusParamsSchema: z.ZodType<RemoteControlPairingStatusParams> = z.object({
  pairingCode: orNull(z.string()),
  manualPairingCode: orNull(z.string()),
});

/** Reads the parameters of `remoteControl/client/list`. Their limits are not looked at here. */
export const remoteControlClientListParamsSchema: z.ZodType<RemoteControlClientListParams> = z.object({
  environmentId: z.string(),
  cursor: orNull(z.string()),
  limit: orNull(z.number().int().nonnegative()),
  order: orNull(z.enum(["asc", "desc"])),
});

/** Reads the parameters of `remoteControl/client/revoke`. */
export const remoteControlClientRevokeParamsSchema: z.ZodType<RemoteControlClientRevokeParams> = z.object({
  environmentId: z.string(),
  clientId: z.string(),
});

/** Reads a stored enrolment. */
export const remoteControlEnrollmentRowSchema: z.ZodType<RemoteControlEnrollmentRow> = z.object({
  websocket_url: z.string().min(1),
  account_id: z.string().min(1),
  app_server_client_name: z.string(),
  server_id: z.string(),
  environment_id: z.string(),
  server_name: z.string(),
  updated_at: z.number().int(),
  remote_control_enabled: z.boolean().nullable(),
});
