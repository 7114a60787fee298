import { type CloudRequirementsErrorCode, isCloudRequirementsError } from "./cloud-requirements-error.js";

/** An error of JSON-RPC, as an app server answers when a configuration cannot be loaded. */
export interface JsonRpcError {
  /** Invalid request. */
  readonly code: -32600;
  readonly message: string;
  /** Missing when the policies of a workspace are not what stands in the way. */
  readonly data?: CloudErrorData;
}

/** What hosts are told about policies that could not be loaded. */
export interface CloudErrorData {
  readonly reason: "cloudConfigBundle" | "cloudRequirements";
  readonly errorCode: Exclude<CloudRequirementsErrorCode, "Aborted" | "Closed">;
  readonly detail: string;
  readonly statusCode?: number;
  /** What the user has to do. */
  readonly action?: "relogin";
}

/** Longer chains of causes are none that anybody made on purpose. */
const maxCauses = 100;

/** Makes the answer of an app server from what a configuration could not be loaded for. */
export function toJsonRpcError(error: unknown): JsonRpcError {
  const text = error instanceof Error ? error.message : String(error);
  const message = `failed to load configuration: ${text}`;
  const data = findData(error);
  return { code: -32600, message, ...(data === undefined ? undefined : { data }) };
}

function findData(error: unknown): CloudErrorData | undefined {
  let cause: unknown = error;
  for (let depth = 0; depth < maxCauses && cause instanceof Error; depth += 1) {
    if (isCloudRequirementsError(cause)) {
      const { code, status, message } = cause;
      // These are of the caller's own making.
      if (code === "Aborted" || code === "Closed") return undefined;
      return {
        reason: cause.endpoint === "config/bundle" ? "cloudConfigBundle" : "cloudRequirements",
        errorCode: code,
        detail: message,
        ...(status === undefined ? undefined : { statusCode: status }),
        ...(code === "Auth" ? { action: "relogin" as const } : undefined),
      };
    }
    cause = cause.cause;
  }
  return undefined;
}
