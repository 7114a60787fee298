import { expect, test } from "vitest";
import {
  remoteControlClientListParamsSchema,
  remoteControlClientListSchema,
  remoteControlClientRevokeParamsSchema,
  remoteControlEnrollmentRowSchema,
  remoteControlEnrollmentSchema,
  remoteControlPairingSchema,
  remoteControlPairingStartParamsSchema,
  remoteControlPairingStatusParamsSchema,
  remoteControlPairingStatusSchema,
  remoteControlToggleParamsSchema,
} from "../src/schemas/index.js";

const enrollment = {
  server_id: "s",
  environment_id: "e",
  remote_control_token: "t",
  expires_at: "2026-07-01T00:00:00Z",
};

test("reads an enrolment, all of which is needed", () => {
  expect(remoteControlEnrollmentSchema.parse({ ...enrollment, more: 1 })).toStrictEqual(enrollment);
  for (const name of Object.keys(enrollment))
    expect(remoteControlEnrollmentSchema.safeParse({ ...enrollment, [name]: null }).success).toBe(false);
});

test("a pairing need not have a code to type", () => {
  const pairing = { pairing_code: "p", server_id: "s", environment_id: "e", expires_at: "x" };
  expect(remoteControlPairingSchema.parse(pairing)).toStrictEqual({ ...pairing, manual_pairing_code: null });
  expect(remoteControlPairingStatusSchema.parse({ claimed: true })).toEqual({ claimed: true });
});

test("what is not known of a client is null", () => {
  expect(remoteControlClientListSchema.parse({ items: [{ client_id: "c" }] })).toStrictEqual({
    items: [
      {
        client_id: "c",
        display_name: null,
        device_type: null,
        platform: null,
        os_version: null,
        device_model: null,
        app_version: null,
        last_seen_at: null,
      },
    ],
    cursor: null,
  });
  expect(remoteControlClientListSchema.safeParse({ items: [{}] }).success).toBe(false);
});

test("parameters that are not set are written as null", () => {
  const params = remoteControlClientListParamsSchema.parse({ environmentId: "e" });
  expect(JSON.stringify(params)).toBe('{"environmentId":"e","cursor":null,"limit":null,"order":null}');
  expect(remoteControlPairingStatusParamsSchema.parse({})).toEqual({
    pairingCode: null,
    manualPairingCode: null,
  });
});

test.each([undefined, null, {}, { ephemeral: null }])("%j switches for good", (params) => {
  expect(remoteControlToggleParamsSchema.parse(params)).toEqual({ ephemeral: false });
});

test.each([
  [remoteControlToggleParamsSchema, { ephemeral: 1 }],
  [remoteControlPairingStartParamsSchema, { manualCode: "yes" }],
  [remoteControlPairingStartParamsSchema, null],
  [remoteControlClientListParamsSchema, { environmentId: "e", order: "up" }],
  [remoteControlClientListParamsSchema, { environmentId: "e", limit: 1.5 }],
  [remoteControlClientRevokeParamsSchema, { environmentId: "e" }],
])("refuses %#", (schema, params) => {
  expect(schema.safeParse(params).success).toBe(false);
});

test("a stored enrolment has a place for whether it is switched on, and none for a token", () => {
  const row = {
    websocket_url: "wss://chatgpt.com/",
    account_id: "a",
    app_server_client_name: "",
    server_id: "s",
    environment_id: "e",
    server_name: "n",
    updated_at: 1,
    remote_control_enabled: null,
  };
  expect(remoteControlEnrollmentRowSchema.parse({ ...row, remote_control_token: "t" })).toStrictEqual(row);
  for (const wrong of [{ account_id: "" }, { remote_control_enabled: 1 }, { updated_at: "1" }])
    expect(remoteControlEnrollmentRowSchema.safeParse({ ...row, ...wrong }).success).toBe(false);
});
