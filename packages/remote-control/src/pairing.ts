import type { Transport } from "@codex-ts/client";
import type {
  RemoteControlPairing,
  RemoteControlPairingAnswer,
  RemoteControlPairingStatusAnswer,
} from "@codex-ts/protocol";
import { type CallAnswer, type CallNames, callBackend } from "./backend-call.js";
import { pairingUnavailableText } from "./client-name.js";
import type { DesiredState } from "./desired-state.js";
import type { Enroller, EnrollmentRequest } from "./enroller.js";
import type { Enrollment } from "./enrollment.js";
import { checkSameServer } from "./enrollment-calls.js";
import type { LoginWatch } from "./login-watch.js";
import { loadAccount, type RemoteAccount } from "./remote-control-auth.js";
import {
  isRemoteControlError,
  RemoteControlError,
  type RemoteControlErrorKind,
} from "./remote-control-error.js";
import type { RemoteControlTargets } from "./remote-control-targets.js";
import { parseRfc3339 } from "./rfc3339.js";

/** Which of the two codes of a pairing. */
export type PairingCode =
  | { readonly pairingCode: string; readonly manualPairingCode?: undefined }
  | { readonly manualPairingCode: string; readonly pairingCode?: undefined };

/** What pairing needs of its surroundings. */
export interface PairingOptions {
  readonly transport: Transport;
  readonly targets: () => RemoteControlTargets;
  readonly enroller: Enroller;
  readonly desired: DesiredState;
  readonly watch: LoginWatch;
  readonly timeoutMs: number;
}

/** Lets clients find this server. Does not wait for the connection. */
export class Pairing {
  readonly #options: PairingOptions;

  constructor(options: PairingOptions) {
    this.#options = options;
  }

  async start(manualCode: boolean, request: EnrollmentRequest): Promise<RemoteControlPairing> {
    this.#checkEnabled();
    const account = await this.#loadAccount(request);
    const { enrollment, answer } = await this.#call(account, request, {
      mayEnroll: true,
      send: (enrollment) => this.#postStart(enrollment, manualCode, request.signal),
    });
    const pairing = toPairing(answer, this.#options.targets().pair);
    checkSameServer("remote control pairing", enrollment, answer.value);
    await this.#checkAccount(account, request);
    this.#checkEnabled();
    return pairing;
  }

  /** @returns Whether a client has claimed the pairing. */
  async status(code: PairingCode, request: EnrollmentRequest): Promise<boolean> {
    this.#checkEnabled();
    const account = await this.#loadAccount(request);
    const { answer } = await this.#call(account, request, {
      mayEnroll: false,
      send: (enrollment) => this.#postStatus(enrollment, code, request.signal),
    });
    this.#checkEnabled();
    await this.#checkAccount(account, request);
    return answer.value.claimed;
  }

  /** Calls with the server token, and once more with a new one, or as a new server, when the backend wants that. */
  async #call<Answer>(
    account: RemoteAccount,
    request: EnrollmentRequest,
    { mayEnroll, send }: PairingCall<Answer>,
  ): Promise<{ readonly enrollment: Enrollment; readonly answer: Answer }> {
    const first = await this.#enrollment(account, request, mayEnroll);
    try {
      return { enrollment: first, answer: await send(first) };
    } catch (error) {
      await this.#makeUpFor(error, first, request, mayEnroll);
    }
    const second = await this.#enrollment(account, request, mayEnroll);
    try {
      return { enrollment: second, answer: await send(second) };
    } catch (error) {
      await this.#makeUpFor(error, second, request, mayEnroll);
      throw unavailable(error);
    }
  }

  /** @throws The error, if there is nothing to be done about it. */
  async #makeUpFor(
    error: unknown,
    enrollment: Enrollment,
    request: EnrollmentRequest,
    mayEnroll: boolean,
  ): Promise<void> {
    if (!isRemoteControlError(error)) throw error;
    const { enroller } = this.#options;
    if (error.kind === "permission_denied") enroller.clearToken(enrollment);
    else if (error.kind === "not_found" && mayEnroll) await enroller.replaceMissing(enrollment, request);
    else throw error;
  }

  async #enrollment(
    account: RemoteAccount,
    request: EnrollmentRequest,
    mayEnroll: boolean,
  ): Promise<Enrollment> {
    try {
      const found = await this.#options.enroller.forPairing(account, request, mayEnroll);
      // A pairing that was started as another server is not known to the new one.
      if (found === undefined || (found.isNew && !mayEnroll)) throw unavailable();
      return found.enrollment;
    } catch (error) {
      if (isRemoteControlError(error) && error.code === "account_changed") throw unavailable(error);
      throw error;
    }
  }

  #postStart(
    enrollment: Enrollment,
    manualCode: boolean,
    signal: AbortSignal,
  ): Promise<CallAnswer<RemoteControlPairingAnswer>> {
    const { transport, targets, timeoutMs } = this.#options;
    const url = targets().pair;
    return callBackend({
      transport,
      request: { method: "POST", url, body: { json: { manual_code: manualCode } } },
      url,
      auth: tokenAuth(enrollment),
      names: startNames,
      timeoutMs,
      signal,
      schema: ({ remoteControlPairingSchema }) => remoteControlPairingSchema,
    });
  }

  #postStatus(
    enrollment: Enrollment,
    { pairingCode, manualPairingCode }: PairingCode,
    signal: AbortSignal,
  ): Promise<CallAnswer<RemoteControlPairingStatusAnswer>> {
    const { transport, targets, timeoutMs } = this.#options;
    const url = targets().pairStatus;
    const json =
      pairingCode === undefined ? { manual_pairing_code: manualPairingCode } : { pairing_code: pairingCode };
    return callBackend({
      transport,
      request: { method: "POST", url, body: { json } },
      url,
      auth: tokenAuth(enrollment),
      names: statusNames,
      timeoutMs,
      signal,
      kinds: unknownCode,
      schema: ({ remoteControlPairingStatusSchema }) => remoteControlPairingStatusSchema,
    });
  }

  #checkEnabled(): void {
    if (this.#options.desired.isEnabled) return;
    throw new RemoteControlError("remote control pairing requires remote control to be enabled", {
      kind: "invalid_input",
      code: "disabled",
    });
  }

  async #loadAccount({ signal }: EnrollmentRequest): Promise<RemoteAccount> {
    try {
      return await loadAccount(this.#options.watch, signal);
    } catch (error) {
      if (isRemoteControlError(error) && error.kind === "aborted") throw error;
      throw unavailable(error);
    }
  }

  async #checkAccount({ accountId }: RemoteAccount, request: EnrollmentRequest): Promise<void> {
    if ((await this.#loadAccount(request)).accountId !== accountId) throw unavailable();
  }
}

interface PairingCall<Answer> {
  readonly mayEnroll: boolean;
  readonly send: (enrollment: Enrollment) => Promise<Answer>;
}

const startNames: CallNames = {
  send: "failed to start remote control pairing",
  read: "failed to read remote control pairing response",
  refused: "remote control pairing failed",
  parse: "failed to parse remote control pairing response",
};

const statusNames: CallNames = {
  send: "failed to check remote control pairing status",
  read: "failed to read remote control pairing status response",
  refused: "remote control pairing status failed",
  parse: "failed to parse remote control pairing status response",
};

const unknownCode: Readonly<Record<number, RemoteControlErrorKind>> = {
  404: "invalid_input",
  410: "invalid_input",
};

function tokenAuth({ token }: Enrollment) {
  return {
    addAuthHeaders: (headers: Headers) =>
      headers.set("authorization", `Bearer ${token?.secret.reveal() ?? ""}`),
  };
}

function toPairing(
  { value, facts }: CallAnswer<RemoteControlPairingAnswer>,
  url: string,
): RemoteControlPairing {
  const expiresAtMs = parseRfc3339(value.expires_at);
  if (expiresAtMs === undefined) {
    throw new RemoteControlError(
      `failed to parse remote control pairing response from \`${url}\`: ${facts}, expires_at parse error: it is no RFC 3339 time`,
      { kind: "invalid_data" },
    );
  }
  return {
    pairingCode: value.pairing_code,
    manualPairingCode: value.manual_pairing_code,
    environmentId: value.environment_id,
    expiresAt: Math.floor(expiresAtMs / 1000),
  };
}

function unavailable(cause?: unknown): RemoteControlError {
  return new RemoteControlError(pairingUnavailableText, {
    kind: "invalid_input",
    code: "pairing_unavailable",
    ...(cause === undefined ? {} : { cause }),
  });
}
