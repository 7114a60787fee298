import type { AuthProvider } from "@codex-ts/auth-provider";
import { Secret, type Transport } from "@codex-ts/client";
import type { RemoteControlEnrollmentAnswer } from "@codex-ts/protocol";
import { type CallNames, callBackend } from "./backend-call.js";
import type { Enrollment } from "./enrollment.js";
import { RemoteControlError } from "./remote-control-error.js";
import type { RemoteControlTargets } from "./remote-control-targets.js";
import { parseRfc3339 } from "./rfc3339.js";

/** What the backend is told of this server. */
export interface ServerFacts {
  readonly serverName: string;
  readonly installationId: string;
  readonly appServerVersion: string;
}

/** What enrolling and refreshing have in common. */
export interface EnrollmentCall {
  readonly transport: Transport;
  readonly targets: RemoteControlTargets;
  readonly facts: ServerFacts;
  readonly auth: AuthProvider;
  readonly accountId: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const enrollNames = namesOf("enroll", "server enrollment");
const refreshNames = namesOf("refresh", "server refresh");

/** Makes this server known to the backend. */
export async function enroll(call: EnrollmentCall): Promise<Enrollment> {
  const { facts } = call;
  const answer = await post(call, call.targets.enroll, enrollNames, {
    name: facts.serverName,
    os: osNames[process.platform] ?? process.platform,
    arch: archNames[process.arch] ?? process.arch,
    app_server_version: facts.appServerVersion,
    installation_id: facts.installationId,
  });
  return toEnrollment(call, call.targets.enroll, answer);
}

/**
 * Gets a new token for a server that is known.
 *
 * @throws {@link RemoteControlError} with code `enrollment_mismatch` when the backend answers for another server.
 */
export async function refresh(call: EnrollmentCall, enrollment: Enrollment): Promise<Enrollment> {
  const answer = await post(call, call.targets.refresh, refreshNames, {
    server_id: enrollment.serverId,
    installation_id: call.facts.installationId,
  });
  checkSameServer("remote control server refresh", enrollment, answer);
  return toEnrollment(call, call.targets.refresh, answer);
}

/** @throws {@link RemoteControlError} with code `enrollment_mismatch`. */
export function checkSameServer(
  what: string,
  { serverId, environmentId }: Enrollment,
  answer: { readonly server_id: string; readonly environment_id: string },
): void {
  if (answer.server_id === serverId && answer.environment_id === environmentId) return;
  throw new RemoteControlError(
    `${what} returned mismatched enrollment: expected server_id=${serverId}, environment_id=${environmentId}; got server_id=${answer.server_id}, environment_id=${answer.environment_id}`,
    { kind: "other", code: "enrollment_mismatch" },
  );
}

async function post(
  { transport, facts, auth, timeoutMs, signal }: EnrollmentCall,
  url: string,
  names: CallNames,
  json: object,
): Promise<RemoteControlEnrollmentAnswer> {
  const headers = { "x-codex-installation-id": facts.installationId };
  const { value } = await callBackend({
    transport,
    request: { method: "POST", url, headers, body: { json } },
    url,
    auth,
    names,
    timeoutMs,
    signal,
    schema: ({ remoteControlEnrollmentSchema }) => remoteControlEnrollmentSchema,
  });
  return value;
}

function toEnrollment(
  { accountId, facts, targets }: EnrollmentCall,
  url: string,
  answer: RemoteControlEnrollmentAnswer,
): Enrollment {
  const expiresAtMs = parseRfc3339(answer.expires_at);
  if (expiresAtMs === undefined) {
    throw new RemoteControlError(
      `failed to parse remote control server token expiry from \`${url}\`: expires_at is no RFC 3339 time`,
      { kind: "other" },
    );
  }
  return {
    websocketUrl: targets.websocket,
    accountId,
    serverId: answer.server_id,
    environmentId: answer.environment_id,
    serverName: facts.serverName,
    token: { secret: new Secret(answer.remote_control_token), expiresAtMs },
  };
}

function namesOf(action: string, what: string): CallNames {
  return {
    send: `failed to ${action} remote control server`,
    read: `failed to read remote control ${what} response`,
    refused: `remote control ${what} failed`,
    parse: `failed to parse remote control ${what} response`,
  };
}

// The names of the reference, which are Rust's.
const osNames: Readonly<Record<string, string>> = { darwin: "macos", win32: "windows" };
const archNames: Readonly<Record<string, string>> = { arm64: "aarch64", ia32: "x86", x64: "x86_64" };
