import type { RemoteControl } from "./remote-control.js";
import { isRemoteControlError, RemoteControlError } from "./remote-control-error.js";

/** Methods by which the client of a host operates remote control. */
export type RemoteControlMethod =
  | "remoteControl/client/list"
  | "remoteControl/client/revoke"
  | "remoteControl/disable"
  | "remoteControl/enable"
  | "remoteControl/pairing/start"
  | "remoteControl/pairing/status"
  | "remoteControl/status/read";

/** How a host has to order requests: one at a time for each queue, unless they only read. */
export interface RemoteControlMethodFacts {
  readonly queue: "remote-control" | "remote-control-clients" | "remote-control-pairing";
  /** Whether several may run at once. */
  readonly isSharedRead: boolean;
}

/** All methods, and how they have to be ordered. */
export const remoteControlMethods: Readonly<Record<RemoteControlMethod, RemoteControlMethodFacts>> =
  Object.freeze({
    "remoteControl/enable": { queue: "remote-control", isSharedRead: false },
    "remoteControl/disable": { queue: "remote-control", isSharedRead: false },
    "remoteControl/status/read": { queue: "remote-control", isSharedRead: true },
    "remoteControl/pairing/start": { queue: "remote-control-pairing", isSharedRead: false },
    "remoteControl/pairing/status": { queue: "remote-control-pairing", isSharedRead: true },
    "remoteControl/client/list": { queue: "remote-control-clients", isSharedRead: true },
    "remoteControl/client/revoke": { queue: "remote-control-clients", isSharedRead: false },
  });

/** What a host answers: the rest of a JSON-RPC response. */
export type RemoteControlReply =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

/** A request of the host's client. */
export interface RemoteControlCall {
  readonly method: RemoteControlMethod;
  readonly params?: unknown;
  /** Name under which the client has introduced itself. */
  readonly clientName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** JSON-RPC 2.0 §5.1. */
const invalidRequest = -32600;
const internalError = -32603;

/**
 * Answers a request of the host's client. Never rejects: a failure is an answer too.
 *
 * @param control - Nothing in a process without remote control.
 */
export async function answerRemoteControlCall(
  control: RemoteControl | undefined,
  call: RemoteControlCall,
): Promise<RemoteControlReply> {
  try {
    return { result: await run(control, call) };
  } catch (error) {
    return { error: toRpcError(call.method, error) };
  }
}

async function run(control: RemoteControl | undefined, call: RemoteControlCall): Promise<unknown> {
  const schemas = await import("@codex-ts/protocol/schemas");
  const { method, signal, clientName } = call;
  const options = { signal, clientName };
  switch (method) {
    case "remoteControl/enable": {
      const { ephemeral } = parse(schemas.remoteControlToggleParamsSchema, call);
      return available(control).enable({ ...options, ephemeral });
    }
    case "remoteControl/disable": {
      const { ephemeral } = parse(schemas.remoteControlToggleParamsSchema, call);
      return available(control).disable({ ...options, ephemeral });
    }
    case "remoteControl/status/read":
      return available(control).readStatus();
    case "remoteControl/pairing/start": {
      const { manualCode } = parse(schemas.remoteControlPairingStartParamsSchema, call);
      return available(control).startPairing({ ...options, manualCode });
    }
    case "remoteControl/pairing/status": {
      const code = oneCode(parse(schemas.remoteControlPairingStatusParamsSchema, call));
      return { claimed: await available(control).isPairingClaimed(code, options) };
    }
    case "remoteControl/client/list": {
      const { environmentId, ...page } = parse(schemas.remoteControlClientListParamsSchema, call);
      return available(control).listClients(environmentId, { ...options, ...page });
    }
    case "remoteControl/client/revoke": {
      const { environmentId, clientId } = parse(schemas.remoteControlClientRevokeParamsSchema, call);
      await available(control).revokeClient(environmentId, clientId, options);
      return {};
    }
  }
}

function available(control: RemoteControl | undefined): RemoteControl {
  if (control !== undefined) return control;
  throw new RemoteControlError("remote control is unavailable for this app-server", { kind: "other" });
}

interface Schema<Value> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: Value }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

function parse<Value>(schema: Schema<Value>, { method, params }: RemoteControlCall): Value {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  const place = path === "" ? "" : `\`${path}\`: `;
  throw new InvalidParams(`Invalid request: ${method}: ${place}${issue?.message}`);
}

class InvalidParams extends Error {}

function oneCode({
  pairingCode,
  manualPairingCode,
}: {
  readonly pairingCode: string | null;
  readonly manualPairingCode: string | null;
}) {
  if (pairingCode !== null && manualPairingCode !== null)
    throw new InvalidParams(
      "remoteControl/pairing/status accepts either pairingCode or manualPairingCode, not both",
    );
  if (pairingCode !== null) return { pairingCode };
  if (manualPairingCode !== null) return { manualPairingCode };
  throw new InvalidParams("remoteControl/pairing/status requires pairingCode or manualPairingCode");
}

function toRpcError(method: RemoteControlMethod, error: unknown): { code: number; message: string } {
  if (error instanceof InvalidParams) return { code: invalidRequest, message: error.message };
  if (!isRemoteControlError(error)) {
    const name = error instanceof Error ? error.name : typeof error;
    return { code: internalError, message: `remote control failed (${name})` };
  }
  const isClients = remoteControlMethods[method].queue === "remote-control-clients";
  const isPairing = remoteControlMethods[method].queue === "remote-control-pairing";
  const invalid = isClients ? clientKinds : isPairing ? pairingKinds : toggleKinds;
  const isInvalid = error.code === "disabled_by_requirements" || invalid.has(error.kind);
  return { code: isInvalid ? invalidRequest : internalError, message: error.message };
}

const toggleKinds: ReadonlySet<string> = new Set(["not_found", "permission_denied"]);
const pairingKinds: ReadonlySet<string> = new Set(["invalid_input"]);
const clientKinds: ReadonlySet<string> = new Set([
  "invalid_input",
  "not_found",
  "permission_denied",
  "would_block",
]);
