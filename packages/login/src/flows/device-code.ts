import { statusText, type Transport } from "@codex-ts/client";
import { LoginError, type LoginErrorOptions } from "../login-error.js";
import type { OAuthProfile } from "../oauth/oauth-profile.js";
import {
  exchangeTokens,
  oauthErrorCode,
  parseJsonObject,
  type TokenExchange,
} from "../oauth/token-endpoint.js";

/** What requests of a device go to. */
export interface DeviceRequest {
  readonly transport: Transport;
  readonly profile: OAuthProfile;
  readonly signal: AbortSignal;
}

/** The two halves of a device's sign-in: one for its person, one for itself. */
export interface DeviceCode {
  readonly userCode: string;
  /** Identifies the device when it polls. */
  readonly deviceAuthId: string;
  /** How long to wait between polls, in milliseconds. */
  readonly intervalMs: number;
}

/** What a device redeems for tokens. */
export interface DeviceApproval {
  readonly code: string;
  readonly codeVerifier: string;
}

const timeoutMs = 30_000;

/**
 * Starts the sign-in of a device.
 *
 * @throws {@link LoginError} of kind `device_login_disabled` or `login_failed`; the transport's error of kind `aborted`
 * when `signal` fires.
 */
export async function requestDeviceCode(request: DeviceRequest): Promise<DeviceCode> {
  const { transport, profile, signal } = request;
  const url = `${profile.deviceAuthBaseUrl}/usercode`;
  const json = { client_id: profile.clientId };
  const exchange = await exchangeTokens({ transport, url, json, timeoutMs, signal });
  if (exchange.outcome === "answered" && exchange.status === 404) throw disabled();
  const answer = readAnswer(exchange, "device code request failed");
  const deviceAuthId = answer["device_auth_id"];
  const userCode = answer["user_code"] ?? answer["usercode"];
  if (!isCode(deviceAuthId) || !isCode(userCode)) {
    throw failed("device code request failed: the answer lacks the code; try again");
  }
  return { deviceAuthId, userCode, intervalMs: readIntervalMs(answer["interval"]) };
}

/**
 * Asks once whether the person has approved.
 *
 * @returns What to redeem, or what to do until the next poll.
 * @throws {@link LoginError} of kind `login_denied`, `login_failed` or `login_timeout`; the transport's error of kind
 * `aborted` when `signal` fires.
 */
export async function pollDeviceCode(
  { deviceAuthId, userCode }: DeviceCode,
  { transport, profile, signal }: DeviceRequest,
): Promise<DeviceApproval | "pending" | "slow down"> {
  const url = `${profile.deviceAuthBaseUrl}/token`;
  const json = { device_auth_id: deviceAuthId, user_code: userCode };
  const exchange = await exchangeTokens({ transport, url, json, timeoutMs, signal });
  const pending = readPending(exchange);
  if (pending !== undefined) return pending;
  const { authorization_code: code, code_verifier: codeVerifier } = readAnswer(
    exchange,
    "device auth failed",
  );
  if (!isCode(code) || !isCode(codeVerifier)) {
    throw failed("device auth failed: the answer lacks the authorization code; try again");
  }
  return { code, codeVerifier };
}

/** The error of a code that nobody has used in time. */
export function deviceTimeout(): LoginError {
  return new LoginError("device auth timed out after 15 minutes; start it again", { kind: "login_timeout" });
}

/** Returns nothing for an answer that ends the polling, whichever way. */
function readPending(exchange: TokenExchange): "pending" | "slow down" | undefined {
  // A bot check in front of the issuer answers 403 as well, and would be polled in vain.
  if (exchange.outcome !== "answered" || exchange.isHtml || isSuccess(exchange.status)) return undefined;
  const { status, text } = exchange;
  switch (oauthErrorCode(text)) {
    // RFC 8628 §3.5
    case "slow_down":
      return "slow down";
    case "authorization_pending":
      return "pending";
    case "access_denied":
      throw new LoginError("Sign-in failed: access_denied", { kind: "login_denied", status });
    case "expired_token":
      throw deviceTimeout();
  }
  if (status === 429) return "slow down";
  return status === 403 || status === 404 ? "pending" : undefined;
}

function readAnswer(exchange: TokenExchange, failure: string): Record<string, unknown> {
  if (exchange.outcome !== "answered") {
    throw failed(`${failure}: the issuer cannot be reached; check the network and try again`, {
      retryable: true,
      cause: exchange.error,
    });
  }
  const { status, text, isHtml } = exchange;
  if (isHtml) {
    throw failed(
      `${failure}: a web page came back (${statusText(status)}) in place of the issuer's answer; check proxy, VPN or ` +
        "captive portal and try again",
      { status },
    );
  }
  if (!isSuccess(status)) {
    const retryable = status === 429 || status >= 500;
    throw failed(`${failure} with status ${statusText(status)}; try again later`, { status, retryable });
  }
  const answer = parseJsonObject(text);
  if (answer === undefined)
    throw failed(`${failure}: the answer is not a JSON object; try again`, { status });
  return answer;
}

const defaultIntervalSeconds = 5;
const shortestIntervalMs = 1000;

// A text in the reference's protocol, a number in RFC 8628 §3.2, which also says what holds when there is none.
function readIntervalMs(interval: unknown): number {
  const text = typeof interval === "number" ? String(interval) : interval;
  const isSeconds = typeof text === "string" && /^\s*\d{1,9}\s*$/.test(text);
  const seconds = isSeconds ? Number(text) : defaultIntervalSeconds;
  return Math.max(seconds * 1000, shortestIntervalMs);
}

/** Codes are printable (RFC 6749, appendix A), so that they cannot steer the terminal that shows them. */
function isCode(value: unknown): value is string {
  return typeof value === "string" && /^[\x20-\x7e]+$/.test(value);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function disabled(): LoginError {
  return new LoginError(
    "device code login is not enabled for this Codex server. Use the browser login or verify the server URL.",
    { kind: "device_login_disabled", status: 404 },
  );
}

function failed(message: string, facts: Omit<LoginErrorOptions, "kind"> = {}): LoginError {
  return new LoginError(message, { kind: "login_failed", ...facts });
}
