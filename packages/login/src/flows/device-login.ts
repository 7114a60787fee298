import type { LoginContext } from "../logins/login-context.js";
import { chatgptLogin, completedChatgptLogin } from "./chatgpt-login.js";
import { exchangeCode } from "./code-exchange.js";
import type { CompletedLogin } from "./completed-login.js";
import {
  type DeviceApproval,
  type DeviceCode,
  type DeviceRequest,
  deviceTimeout,
  pollDeviceCode,
  requestDeviceCode,
} from "./device-code.js";
import { type Pause, pause as pauseByClock } from "./pause.js";
import { runSignIn, type SignInOptions } from "./run-sign-in.js";
import { saveLogin } from "./save-login.js";

/** What a person has to be shown. */
export interface DeviceLoginPrompt {
  /** The page on which to type the code. */
  readonly verificationUrl: string;
  readonly userCode: string;
  readonly expiresAt: Date;
  /** All of it in English, with the warning that such a code calls for. */
  readonly message: string;
}

/** Settings of {@link loginWithDeviceCode}. */
export interface DeviceLoginOptions extends SignInOptions {
  /** Shows the code to the person who signs in. */
  readonly onUserCode: (prompt: DeviceLoginPrompt) => void;
  /** Waits between polls. @defaultValue a timer */
  readonly pause?: Pause | undefined;
}

/**
 * Signs in with a ChatGPT account on another device: shows a code that a person types there, polls until it has been
 * approved, at most for 15 minutes, and stores the login in place of whatever was stored before.
 *
 * @returns What was stored.
 * @throws {@link LoginError} of kind `aborted`, `configuration`, `device_login_disabled`, `lock_timeout`, `login_denied`,
 * `login_failed`, `login_timeout`, `restricted` or `storage`; what was stored before is still there then.
 */
export function loginWithDeviceCode(options: DeviceLoginOptions): Promise<CompletedLogin> {
  const { onUserCode, pause = pauseByClock, ...signInOptions } = options;
  return runSignIn(signInOptions, async (context, signal) => {
    context.policy.checkNewLogin("chatgpt");
    return await signIn(context, { onUserCode, pause, signal });
  });
}

interface DeviceSignIn extends Pick<DeviceLoginOptions, "onUserCode"> {
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

const lifetimeMs = 15 * 60_000;

async function signIn(
  context: LoginContext,
  { onUserCode, pause, signal }: DeviceSignIn,
): Promise<CompletedLogin> {
  const { transport, profile, policy, storage, clock } = context;
  const request: DeviceRequest = { transport, profile, signal };
  const code = await requestDeviceCode(request);
  const expiresAtMs = clock() + lifetimeMs;
  onUserCode(toPrompt(code, profile.deviceVerificationUrl, new Date(expiresAtMs)));
  const approval = await awaitApproval(code, request, () => expiresAtMs - clock(), pause);
  const tokens = await exchangeCode({
    ...request,
    ...approval,
    redirectUri: profile.deviceRedirectUri,
    failure: "device code exchange failed",
  });
  policy.checkWorkspaces([tokens.claims.accountId]);
  const auth = chatgptLogin(tokens, undefined, clock());
  await saveLogin(context, auth, signal);
  return completedChatgptLogin(auth, storage.location);
}

/** RFC 8628 §3.5. */
const slowDownMs = 5000;

async function awaitApproval(
  code: DeviceCode,
  request: DeviceRequest,
  remainingMs: () => number,
  pause: Pause,
): Promise<DeviceApproval> {
  let { intervalMs } = code;
  for (;;) {
    const answer = await pollDeviceCode(code, request);
    if (typeof answer !== "string") return answer;
    if (answer === "slow down") intervalMs += slowDownMs;
    const leftMs = remainingMs();
    if (leftMs <= 0) throw deviceTimeout();
    await pause(Math.min(intervalMs, leftMs), request.signal);
  }
}

function toPrompt({ userCode }: DeviceCode, verificationUrl: string, expiresAt: Date): DeviceLoginPrompt {
  const message =
    `Open ${verificationUrl} in any browser, sign in, and enter the code ${userCode}. It expires in 15 minutes. ` +
    "Enter it only if you have started this sign-in yourself: device codes are a common phishing target, so never " +
    "share one.";
  return { verificationUrl, userCode, expiresAt, message };
}
