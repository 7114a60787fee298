import { jsonReply, type Reply } from "../reply.js";
import type { IssuerState } from "./issuer-state.js";
import type { RecordedOAuthRequest } from "./oauth-request.js";

/** `POST /api/accounts/deviceauth/usercode`: starts the sign-in of a device. */
export function deviceUserCode(request: RecordedOAuthRequest, { devices, clientId }: IssuerState): Reply {
  if (request.json()["client_id"] !== clientId) return jsonReply(400, { error: "invalid_client" });
  const { deviceAuthId, userCode } = devices.start();
  const interval = String(devices.intervalSeconds);
  return jsonReply(200, { device_auth_id: deviceAuthId, user_code: userCode, interval });
}

/** `POST /api/accounts/deviceauth/token`: 403 while the user has not approved, then a code with its verifier. */
export function deviceToken(request: RecordedOAuthRequest, state: IssuerState): Reply {
  const { device_auth_id: deviceAuthId, user_code: userCode } = request.json();
  const login = state.devices.poll(String(deviceAuthId), String(userCode));
  if (login === "unknown") return jsonReply(404, { error: "unknown_device" });
  if (login === "pending") return jsonReply(403, { error: "authorization_pending" });
  const { codeChallenge, codeVerifier } = login;
  const redirectUri = `${state.origin()}/deviceauth/callback`;
  return jsonReply(200, {
    authorization_code: state.vault.issueCode({ account: state.account(), redirectUri, codeChallenge }),
    code_challenge: codeChallenge,
    code_verifier: codeVerifier,
  });
}
